internal import HDF5Files
internal import Manipulation

/// The numbers of one episode as the file has them, faults and all.
struct EpisodeRecord {
  let index: Int
  let name: String
  let datasets: [DatasetSummary]
  /// The rows of `actions`.
  let frameCount: Int
  let actions: [[Double]]
  /// Frames at which a policy is queried; `nil` when the file does not say.
  let keyframes: [Int]?
  /// Position and quaternion as stored, not normalised.
  let poses: [[Double]]?
  let openings: [Double]?
  /// The fingers' joint positions.
  let fingers: [[Double]]?

  /// Reads what the checks compare; a frame count that differs from the actions' makes an array
  /// `nil`, as the lengths are reported apart.
  ///
  /// - Throws: `HDF5Error` or `DemonstrationError` when something cannot be read.
  init(of index: Int, in demonstrations: DemonstrationFile) throws {
    self.index = index
    name = demonstrations.episodeNames[index]
    datasets = try demonstrations.datasets(of: index)
    let count = try demonstrations.frameCount(of: index)
    let names = Set(datasets.map(\.name))
    func rows(_ name: String, width: Int? = nil) throws -> [[Double]]? {
      guard names.contains(name) else { return nil }
      let shape = try demonstrations.file.dataset(
        at: "\(demonstrations.path(of: index))/\(name)"
      ).shape
      guard (1...2).contains(shape.count), shape[0] == count,
        width == nil || shape.count == 2 && shape[1] == width
      else { return nil }
      return try demonstrations.rows(of: name, episode: index)
    }
    frameCount = count
    actions = try rows(Layout.Dataset.actions) ?? []
    poses = try rows(Layout.Dataset.gripperPose, width: 7)
    openings = try rows(Layout.Dataset.gripperOpen)?.compactMap(\.first)
    fingers = try rows("obs/gripper_joint_positions")
    keyframes = try rows(Layout.Dataset.keyframe).map { flags in
      flags.indices.filter { flags[$0].first != 0 }
    }
  }

  /// For each frame the key frame that its action leads to: the next one flagged, else the last
  /// frame; without flags the next frame. The last frame has none.
  var successors: [Int?] {
    var successors = [Int?](repeating: nil, count: frameCount)
    let flagged = keyframes.map { Set($0) }
    var next = frameCount - 1
    for frame in (0..<frameCount - 1).reversed() {
      if flagged?.contains(frame + 1) ?? true { next = frame + 1 }
      successors[frame] = next
    }
    return successors
  }

  /// Actions in our convention with the frame they start from and the one they lead to, as far
  /// as all is finite and of the right width.
  func transitions(_ convention: ActionConvention) -> [Transition] {
    guard let poses, actions.count == frameCount else { return [] }
    return successors.enumerated().compactMap { frame, next in
      guard let next, actions[frame].count == Action.width,
        (actions[frame] + poses[frame] + poses[next]).allSatisfy(\.isFinite),
        let from = EpisodeRecord.pose(poses[frame]), let to = EpisodeRecord.pose(poses[next]),
        let action = convention.convert(
          Action(vector: actions[frame].map { Float($0) }), at: from)
      else { return nil }
      return Transition(
        frame: frame, next: next, from: from, to: to, storedNext: poses[next], action: action)
    }
  }

  static func pose(_ row: [Double]) -> Pose? {
    Rotation(quaternionXYZW: [row[3], row[4], row[5], row[6]]).map {
      Pose(position: [row[0], row[1], row[2]], rotation: $0)
    }
  }
}

/// An action and where it should lead.
struct Transition {
  let frame: Int
  let next: Int
  let from: Pose
  let to: Pose
  /// The next pose as stored: position and four numbers of a quaternion.
  let storedNext: [Double]
  let action: Action

  /// Metres between where the action leads and the next key position.
  var positionError: Double { length(from.position + action.translation - to.position) }

  /// Metres between the two key positions.
  var distance: Double { length(to.position - from.position) }

  /// Radians between the action's orientation and that of the next key pose.
  var rotationError: Double { action.rotation.angle(to: to.rotation) }

  /// The same, should the file hold quaternions as (w, x, y, z).
  var rotationErrorAsWXYZ: Double? {
    let q = storedNext[3...].map(\.self)
    return Rotation(quaternionXYZW: [q[1], q[2], q[3], q[0]]).map {
      action.rotation.angle(to: $0)
    }
  }

  private func length(_ vector: SIMD3<Double>) -> Double {
    (vector * vector).sum().squareRoot()
  }
}
