internal import Foundation
internal import HDF5Files
package import Manipulation

extension DemonstrationFile {
  /// Reads an episode's key frames: their pictures, proprioception and actions.
  ///
  /// In files with key-frame flags these are the flagged frames; in others every frame with an
  /// action, or, given a `rule`, the frames which that finds. Actions are converted to our
  /// convention.
  /// - Parameters:
  ///   - index: The position in the file, from 0.
  ///   - suite: The suite's name, for the identity.
  ///   - camera: The one camera to read, or `nil` for all.
  ///   - rule: Finds key frames anew and makes the actions that lead to them; needs
  ///     `obs/joint_velocities`, `obs/gripper_pose` and `obs/gripper_open` at full rate.
  /// - Throws: `DemonstrationError` naming what the file lacks; `HDF5Error`.
  package func episode(
    at index: Int, suite: String, camera: String? = nil, rule: KeyframeRule? = nil
  ) throws -> Episode {
    guard let instruction = try instruction(of: index) else {
      throw missing(
        "instruction", index,
        "set the attribute 'language_instruction' of '\(try path(of: index))'")
    }
    let proprioception = try Proprioception(of: index, in: self)
    let (frames, actions) = try keyframesAndActions(of: index, rule, proprioception)
    let images = try images(of: index, camera: camera, frames: frames)
    return try episode(
      index, suite, instruction, frames: frames, images, proprioception, actions)
  }

  /// The same without pictures, and with an empty instruction where there is none.
  func episodeWithoutImages(at index: Int) throws -> Episode {
    let proprioception = try Proprioception(of: index, in: self)
    let (frames, actions) = try keyframesAndActions(of: index, nil, proprioception)
    return try episode(
      index, "", try instruction(of: index) ?? "", frames: frames, [:], proprioception, actions)
  }

  private func episode(
    _ index: Int, _ suite: String, _ instruction: String, frames: [Int],
    _ images: [String: [RGBImage]], _ proprioception: Proprioception, _ actions: [Action]
  ) throws -> Episode {
    let keyframes = frames.enumerated().map { position, frame in
      Keyframe(
        frameIndex: frame,
        observation: Observation(
          images: images.mapValues { $0[position] },
          gripperPose: proprioception.poses?[frame],
          gripperOpen: proprioception.openings?[frame],
          jointPositions: proprioception.joints?[frame]),
        action: actions[position])
    }
    let path = try path(of: index)
    let variation = try file.attribute(Layout.Attribute.variation, of: path)?.integer ?? 0
    return Episode(
      identity: EpisodeIdentity(
        suite: suite, task: task, variation: variation, name: episodeNames[index], index: index),
      instruction: instruction, keyframes: keyframes)
  }

  /// Reads the pictures of some frames.
  ///
  /// - Parameters:
  ///   - index: The episode.
  ///   - camera: One camera, or `nil` for all.
  ///   - frames: Increasing frame indices.
  /// - Returns: By camera, one picture a frame.
  /// - Throws: `DemonstrationError.noSuchCamera` or `wrongShape`; `HDF5Error`.
  package func images(
    of index: Int, camera: String? = nil, frames: [Int]
  ) throws -> [String: [RGBImage]] {
    let root = try path(of: index)
    let cameras = schema.cameras(among: try datasets(of: index).map(\.name))
    if let camera, cameras[camera] == nil {
      throw DemonstrationError.noSuchCamera(
        camera, episode: episodeNames[index], file: url.path, available: cameras.keys.sorted())
    }
    var images: [String: [RGBImage]] = [:]
    for (name, dataset) in cameras where camera == nil || camera == name {
      images[name] = try pictures("\(root)/\(dataset)", episode: index, frames: frames)
    }
    return images
  }

  private func pictures(
    _ path: String, episode index: Int, frames: [Int]
  ) throws -> [RGBImage] {
    let facts = try file.dataset(at: path)
    let shape = facts.shape
    let sideLimit = 1 << 14
    guard shape.count == 4, shape[3] == 3, (1...sideLimit).contains(shape[1]),
      (1...sideLimit).contains(shape[2])
    else {
      throw DemonstrationError.wrongShape(
        path, episode: episodeNames[index], file: url.path,
        expected: "(frames, height, width, 3)", found: shape)
    }
    let bytes = try file.read(path, as: UInt8.self, rows: frames)
    let size = shape[1] * shape[2] * 3
    return frames.indices.map { frame in
      RGBImage(
        width: shape[2], height: shape[1],
        pixels: Array(bytes[frame * size..<(frame + 1) * size]))
    }
  }

  private func keyframesAndActions(
    of index: Int, _ rule: KeyframeRule?, _ proprioception: Proprioception
  ) throws -> ([Int], [Action]) {
    if let rule { return try rediscover(of: index, by: rule, proprioception) }
    let frameCount = try frameCount(of: index)
    let frames = try keyframeIndices(of: index, frameCount: frameCount)
    guard let convention else {
      throw DemonstrationError.noConvention(file: url.path, schema: schema.rawValue)
    }
    let raw = try rawActions(of: index, frames: frames)
    let actions = try zip(frames, raw).map { frame, action in
      guard let converted = convention.convert(action, at: proprioception.poses?[frame]) else {
        throw missing(
          "dataset 'obs/gripper_pose'", index,
          "it is needed to convert actions from '\(convention.name)'")
      }
      return converted
    }
    return (frames, actions)
  }

  /// The actions of some frames as the file has them.
  func rawActions(
    of index: Int, frames: [Int], in dataset: String = Layout.Dataset.actions
  ) throws -> [Action] {
    let path = "\(try path(of: index))/\(dataset)"
    let shape = try file.dataset(at: path).shape
    guard shape.count == 2, shape[1] == Action.width else {
      throw DemonstrationError.wrongShape(
        dataset, episode: episodeNames[index], file: url.path,
        expected: "(frames, \(Action.width))", found: shape)
    }
    let values = try file.read(path, as: Float.self, rows: frames)
    return try frames.indices.map { position in
      let row = Array(values[position * Action.width..<(position + 1) * Action.width])
      guard row.allSatisfy(\.isFinite) else {
        throw DemonstrationError.notFinite(
          dataset, episode: episodeNames[index], file: url.path,
          frame: frames[position])
      }
      return Action(vector: row)
    }
  }

  private func rediscover(
    of index: Int, by rule: KeyframeRule, _ proprioception: Proprioception
  ) throws -> ([Int], [Action]) {
    let path = "\(try path(of: index))/\(Layout.Dataset.jointVelocities)"
    guard let poses = proprioception.poses, let openings = proprioception.openings,
      try file.node(at: path) == .dataset
    else {
      throw missing(
        "full set of 'obs/joint_velocities', 'obs/gripper_pose' and 'obs/gripper_open'", index,
        "the key-frame rule '\(rule.rawValue)' needs them")
    }
    let velocities = try rows(of: Layout.Dataset.jointVelocities, episode: index)
    guard velocities.count == poses.count, openings.count == poses.count else {
      throw DemonstrationError.wrongShape(
        Layout.Dataset.jointVelocities, episode: episodeNames[index], file: url.path,
        expected: "\(poses.count) rows", found: [velocities.count])
    }
    let found = rule.keyframes(jointVelocities: velocities, gripperOpen: openings)
    let states = zip(poses, openings).map { GripperState(pose: $0, open: $1) }
    let labels = KeyframeLabels(states: states, keyframes: found)
    let frames = labels.isKeyframe.indices.filter { labels.isKeyframe[$0] }
    return (frames, frames.map { labels.actions[$0] })
  }

  func missing(_ what: String, _ index: Int, _ remedy: String) -> DemonstrationError {
    .missing(what, episode: episodeNames[index], file: url.path, remedy: remedy)
  }

  /// A two-dimensional dataset of numbers as rows; one-dimensional ones have rows of one.
  func rows(of dataset: String, episode index: Int) throws -> [[Double]] {
    let path = "\(try path(of: index))/\(dataset)"
    let shape = try file.dataset(at: path).shape
    guard shape.count == 1 || shape.count == 2 else {
      throw DemonstrationError.wrongShape(
        dataset, episode: episodeNames[index], file: url.path,
        expected: "(frames, dimensions)", found: shape)
    }
    guard shape[0] <= DemonstrationFile.frameLimit else {
      throw DemonstrationError.tooLarge(
        "The number of rows of '\(path)'", file: url.path, limit: DemonstrationFile.frameLimit)
    }
    let values = try file.read(path, as: Double.self)
    let width = shape.count == 2 ? shape[1] : 1
    guard width > 0 else { return Array(repeating: [], count: shape[0]) }
    return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
  }
}
