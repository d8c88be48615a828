internal import Foundation
internal import Manipulation

/// How an instruction is chosen among the ways to put a task into words.
package enum InstructionChoice: String, CaseIterable, Sendable {
  case first, longest, random

  /// - Precondition: `texts` is not empty.
  func choose(among texts: [String], using generator: inout SeededGenerator) -> String {
    switch self {
    case .first: texts[0]
    // Of equally long ones the first, as in Python's `max(texts, key=len)`.
    case .longest: texts.dropFirst().reduce(texts[0]) { $1.count > $0.count ? $1 : $0 }
    case .random: texts[Int.random(in: texts.indices, using: &generator)]
    }
  }
}

/// Makes demonstrations of RLBench's episodes.
package struct RLBenchImporter: Sendable {
  package var cameras = ["front"]
  package var keyframeRule = KeyframeRule.lift3d
  /// Whether frames between key frames are stored too.
  package var storesAllFrames = false
  package var storesDepth = false
  package var instruction = InstructionChoice.first
  /// Seeds the random choice of instructions.
  package var seed: UInt64 = 0

  package init() {}

  /// Reads one episode.
  ///
  /// Frame 0 and every key frame but the last ask a policy; each stored frame's action leads to the
  /// next key frame, and the last frame's to itself.
  ///
  /// - Throws: `ImportError` or `ImageError`, naming the episode or its file.
  package func read(_ episode: RLBenchEpisodeFolder, task: String) throws -> RecordedDemonstration {
    let demo = try RLBenchDemo(
      episode: episode.url, depthCameras: storesDepth ? cameras : [])
    let variation = try episode.readVariation()
    let texts = try episode.readDescriptions()
    var generator = SeededGenerator(
      seed: SeededGenerator.derive(seed, [task, "\(variation)", "\(episode.number)"]))
    var demonstration = RecordedDemonstration(
      instruction: instruction.choose(among: texts, using: &generator), variation: variation,
      success: true, source: "rlbench", frames: try frames(of: demo, in: episode.url))
    demonstration.instructions = texts
    return demonstration
  }

  private func frames(of demo: RLBenchDemo, in episode: URL) throws -> [RecordedFrame] {
    let keyframes = keyframeRule.keyframes(
      jointVelocities: demo.frames.map(\.jointVelocities),
      gripperOpen: demo.frames.map(\.gripperOpen))
    guard let last = keyframes.last else {
      throw ImportError.badEpisode(episode.path, .tooFewKeyframes)
    }
    let decisions = Set([0] + keyframes.dropLast())
    let stored = storesAllFrames ? Array(demo.frames.indices) : [0] + keyframes
    let sources = try CameraSources(importer: self, episode: episode, frameCount: demo.frames.count)
    return try stored.map { index in
      let next = keyframes.first { $0 > index } ?? last
      var frame = RecordedFrame(
        observation: try sources.observation(of: demo.frames[index], at: index),
        action: RLBenchImporter.action(from: demo.frames[index], to: demo.frames[next]),
        isKeyframe: decisions.contains(index), reward: index == last ? 1 : 0,
        isDone: index == last,
        extras: ["joint_velocities": demo.frames[index].jointVelocities])
      frame.depths = try sources.depths(of: demo.frames[index], at: index)
      return frame
    }
  }

  private static func action(from frame: RLBenchDemo.Frame, to next: RLBenchDemo.Frame) -> Action {
    Action(
      translation: next.pose.position - frame.pose.position,
      eulerAngles: next.pose.rotation.extrinsicXYZ, gripper: next.gripperOpen)
  }
}

/// The picture folders of one episode.
private struct CameraSources {
  private var colors: [String: RLBenchPictures] = [:]
  private var depths: [String: RLBenchPictures] = [:]

  init(importer: RLBenchImporter, episode: URL, frameCount: Int) throws {
    for camera in importer.cameras {
      try ImportFile.checkName(camera, of: "a camera")
      colors[camera] = try RLBenchPictures(
        "\(camera)_rgb", episode: episode, frameCount: frameCount)
      guard importer.storesDepth else { continue }
      depths[camera] = try RLBenchPictures(
        "\(camera)_depth", episode: episode, frameCount: frameCount)
    }
  }

  func observation(of frame: RLBenchDemo.Frame, at index: Int) throws -> Observation {
    Observation(
      images: try colors.mapValues { try $0.rgb(index) }, gripperPose: frame.pose,
      gripperOpen: frame.gripperOpen, jointPositions: frame.jointPositions)
  }

  func depths(of frame: RLBenchDemo.Frame, at index: Int) throws -> [String: DepthImage] {
    var images: [String: DepthImage] = [:]
    for (camera, pictures) in depths {
      guard let range = frame.depthRanges[camera] else { continue }
      images[camera] = try pictures.depth(index, near: range.near, far: range.far)
    }
    return images
  }
}
