package import Foundation
internal import HDF5Files
internal import Manipulation

/// Writes demonstrations of one task in the layout `mole-1`, one at a time.
///
/// Everything goes to `<name>.partial`, which `finish` renames; a writer that ends without it
/// removes what it wrote, so a half-written file never stands under the final name.
package final class DemonstrationWriter {
  private let url: URL
  private let partialURL: URL
  private var file: HDF5File?
  private var frameTotal = 0

  /// The names of the episodes written so far, in order.
  package private(set) var episodeNames: [String] = []

  /// Starts a file that will stand at `url`.
  ///
  /// - Parameters:
  ///   - url: The final place; a file there is replaced by `finish`.
  ///   - task: The task's name.
  ///   - taskVersion: The version of the task's definition.
  ///   - convention: What the actions mean; those given to `append` are written as they are.
  ///   - environment: What made the recordings, for `env_kwargs` of robomimic's `env_args`.
  /// - Throws: `HDF5Error.cannotWrite`.
  package init(
    creating url: URL, task: String, taskVersion: String = "1",
    convention: ActionConvention = .native, environment: [String: String] = [:]
  ) throws {
    self.url = url
    partialURL = url.appendingPathExtension("partial")
    let new = try HDF5File(creating: partialURL)
    try new.createGroup(Layout.data)
    try new.createGroup(Layout.mask)
    let attributes: [(String, String)] = [
      (Layout.Attribute.format, Layout.format),
      (Layout.Attribute.task, task),
      (Layout.Attribute.taskVersion, taskVersion),
      (Layout.Attribute.convention, convention.declaration),
      (Layout.Attribute.environment, try DemonstrationWriter.environment(of: task, environment)),
    ]
    for (name, text) in attributes {
      try new.writeAttribute(name, .text(text), to: Layout.data)
    }
    file = consume new
  }

  deinit {
    guard file != nil else { return }
    file = nil
    try? FileManager.default.removeItem(at: partialURL)
  }

  /// Writes one demonstration.
  ///
  /// - Returns: Its name in the file, `demo_<n>`.
  /// - Throws: `DemonstrationError.unevenFrames` when its frames do not hold the same things;
  ///   `HDF5Error.cannotWrite`.
  @discardableResult
  package func append(_ demonstration: RecordedDemonstration) throws -> String {
    let name = Layout.episode(episodeNames.count)
    try demonstration.checkEvenness(episode: name, file: url.path)
    try write(demonstration, to: "\(Layout.data)/\(name)")
    episodeNames.append(name)
    frameTotal += demonstration.frames.count
    return name
  }

  /// Completes the file and moves it to its final place; the writer is then at its end.
  ///
  /// - Parameters:
  ///   - train: The names of the episodes to train on.
  ///   - valid: The names of those held back.
  /// - Throws: `HDF5Error.cannotWrite` or `DemonstrationError.cannotWrite`.
  package func finish(train: [String], valid: [String]) throws {
    precondition(
      Set(train + valid).isSubset(of: episodeNames), "a mask names an episode that is not written")
    try withFile { file in
      try file.writeAttribute(
        Layout.Attribute.total, .integer(Int64(self.frameTotal)), to: Layout.data)
      try file.writeStrings(train, to: Layout.trainMask)
      try file.writeStrings(valid, to: Layout.validMask)
      try file.flush()
    }
    file = nil
    guard rename(partialURL.path, url.path) == 0 else {
      let reason = String(cString: strerror(errno))
      try? FileManager.default.removeItem(at: partialURL)
      throw DemonstrationError.cannotWrite(url.path, reason: reason)
    }
  }

  private func withFile(_ body: (borrowing HDF5File) throws -> Void) throws {
    guard file != nil else {
      throw DemonstrationError.cannotWrite(url.path, reason: "the file was finished before")
    }
    if let file = file.take() {
      // The file is put back whatever happens, so that `deinit` knows that it was not finished.
      let result = Result { try body(file) }
      self.file = consume file
      try result.get()
    }
  }

  private static func environment(
    of task: String, _ arguments: [String: String]
  ) throws -> String {
    struct Environment: Encodable {
      var name: String
      var arguments: [String: String]
      /// robomimic's number for environments that are not robosuite's.
      var type = 2

      enum CodingKeys: String, CodingKey {
        case name = "env_name"
        case arguments = "env_kwargs"
        case type
      }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(
      decoding: try encoder.encode(Environment(name: task, arguments: arguments)), as: UTF8.self)
  }
}

extension DemonstrationWriter {
  static let compression = 4

  private func write(_ demonstration: RecordedDemonstration, to group: String) throws {
    try withFile { file in
      try file.createGroup(group)
      try self.writeAttributes(of: demonstration, to: group, in: file)
      try self.writeNumbers(of: demonstration, to: group, in: file)
      for camera in demonstration.cameras {
        try self.writeImages(of: camera, demonstration, to: group, in: file)
      }
      try self.writeInstructions(of: demonstration, to: group, in: file)
      try self.writeDepths(of: demonstration, to: group, in: file)
      try self.writeMotion(of: demonstration, to: group, in: file)
    }
  }

  private func writeAttributes(
    of demonstration: RecordedDemonstration, to group: String, in file: borrowing HDF5File
  ) throws {
    let count = Int64(demonstration.frames.count)
    try file.writeAttribute(Layout.Attribute.sampleCount, .integer(count), to: group)
    try file.writeAttribute(
      Layout.Attribute.instruction, .text(demonstration.instruction), to: group)
    try file.writeAttribute(
      Layout.Attribute.variation, .integer(Int64(demonstration.variation)), to: group)
    try file.writeAttribute(Layout.Attribute.source, .text(demonstration.source), to: group)
    if let seed = demonstration.seed {
      try file.writeAttribute(Layout.Attribute.seed, .unsigned(seed), to: group)
    }
    if let success = demonstration.success {
      try file.writeAttribute(Layout.Attribute.success, .integer(success ? 1 : 0), to: group)
    }
    if let model = demonstration.model {
      try file.writeAttribute(Layout.Attribute.model, .text(model), to: group)
    }
  }

  private func writeNumbers(
    of demonstration: RecordedDemonstration, to group: String, in file: borrowing HDF5File
  ) throws {
    let frames = demonstration.frames
    let flags: [UInt8] = frames.map { $0.isKeyframe ? 1 : 0 }
    let dones: [UInt8] = frames.map { $0.isDone ? 1 : 0 }
    let rewards = frames.map { Float($0.reward) }
    try add(frames.flatMap(\.action.vector), [Action.width], Layout.Dataset.actions)
    if frames.contains(where: { $0.executed != nil }) {
      let executed = frames.flatMap { ($0.executed ?? $0.action).vector }
      try add(executed, [Action.width], Layout.Dataset.executedActions)
    }
    try add(flags, [], Layout.Dataset.keyframe)
    try add(rewards, [], Layout.Dataset.rewards)
    try add(dones, [], Layout.Dataset.dones)
    try addRows(frames.compactMap(\.state), Layout.Dataset.states)
    try addRows(
      frames.compactMap { $0.observation.gripperPose.map(Self.vector) },
      Layout.Dataset.gripperPose)
    let openings = frames.compactMap { $0.observation.gripperOpen.map { Float($0) } }
    if !openings.isEmpty { try add(openings, [], Layout.Dataset.gripperOpen) }
    try addRows(frames.compactMap(\.observation.jointPositions), Layout.Dataset.jointPositions)
    for name in frames[0].extras.keys.sorted() {
      try addRows(frames.compactMap { $0.extras[name] }, "obs/\(name)")
    }

    func add<Element: HDF5Element>(
      _ values: [Element], _ width: [Int], _ name: String
    ) throws {
      let path = "\(group)/\(name)"
      try file.createDataset(path, of: Element.elementKind, shape: [frames.count] + width)
      try file.write(values, to: path)
    }
    func addRows(_ rows: [[Double]], _ name: String) throws {
      guard let first = rows.first else { return }
      try add(rows.flatMap(\.self), [first.count], name)
    }
  }

  /// Pictures are packed frame by frame, so that a key frame is read alone.
  private func writeImages(
    of camera: String, _ demonstration: RecordedDemonstration, to group: String,
    in file: borrowing HDF5File
  ) throws {
    guard let first = demonstration.frames[0].observation.images[camera] else { return }
    let path = "\(group)/obs/\(camera)\(Layout.imageSuffix)"
    let frame = [first.height, first.width, 3]
    try file.createDataset(
      path, of: .uint8, shape: [demonstration.frames.count] + frame, chunk: [1] + frame,
      compression: DemonstrationWriter.compression)
    for (index, frame) in demonstration.frames.enumerated() {
      guard let image = frame.observation.images[camera] else { continue }
      try file.write(image.pixels, to: path, fromRow: index)
    }
  }

  /// Position and quaternion (x, y, z, w).
  static func vector(_ pose: Pose) -> [Double] {
    let (p, q) = (pose.position, pose.rotation.quaternionXYZW)
    return [p.x, p.y, p.z, q.x, q.y, q.z, q.w]
  }
}

extension RecordedDemonstration {
  var cameras: [String] { frames.first.map { $0.observation.images.keys.sorted() } ?? [] }

  /// - Throws: `DemonstrationError.unevenFrames` naming what differs.
  func checkEvenness(episode: String, file: String) throws {
    func require(_ isEven: Bool, _ what: String) throws {
      guard isEven else {
        throw DemonstrationError.unevenFrames(what, episode: episode, file: file)
      }
    }
    guard let first = frames.first else {
      throw DemonstrationError.missing(
        "frames", episode: episode, file: file, remedy: "record at least one")
    }
    for frame in frames {
      let (a, b) = (first.observation, frame.observation)
      try require(Set(a.images.keys) == Set(b.images.keys), "their cameras")
      for (camera, image) in a.images {
        let other = b.images[camera]
        try require(
          other?.width == image.width && other?.height == image.height,
          "the picture size of '\(camera)'")
        try require(image.width > 0 && image.height > 0, "having a picture of '\(camera)'")
      }
      try require((a.gripperPose == nil) == (b.gripperPose == nil), "having a gripper pose")
      try require((a.gripperOpen == nil) == (b.gripperOpen == nil), "having a gripper opening")
      try require(a.jointPositions?.count == b.jointPositions?.count, "their number of joints")
      try require(first.state?.count == frame.state?.count, "the length of their states")
      try require(
        first.extras.mapValues(\.count) == frame.extras.mapValues(\.count), "their extras")
      try require(
        first.depths.mapValues { [$0.width, $0.height] }
          == frame.depths.mapValues { [$0.width, $0.height] }, "their depth pictures")
    }
  }
}
