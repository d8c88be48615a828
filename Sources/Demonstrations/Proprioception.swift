internal import Foundation
internal import HDF5Files
internal import Manipulation

/// What an episode records of the robot at each frame, as far as its schema tells it without a
/// guess.
struct Proprioception {
  private(set) var poses: [Pose]?
  private(set) var openings: [Double]?
  private(set) var joints: [[Double]]?

  /// How a file keeps orientations.
  private enum Orientation {
    case quaternionXYZW
    case quaternionWXYZ
    case axisAngle
  }

  /// Reads what is there; `nil` for what is not.
  ///
  /// - Throws: `DemonstrationError` for data that are there but make no sense.
  init(of index: Int, in demonstrations: DemonstrationFile) throws {
    let reader = try Reader(of: index, in: demonstrations)
    openings = try reader.rows(Layout.Dataset.gripperOpen, width: 1)?.map { $0[0] }
    poses = try reader.poses(Layout.Dataset.gripperPose, width: 7, .quaternionXYZW)
    joints = try reader.rows(Layout.Dataset.jointPositions)
    switch demonstrations.schema {
    case .mole:
      break
    case .robomimic, .robosuite:
      joints = try joints ?? reader.rows("obs/robot0_joint_pos")
      poses = try poses ?? reader.robosuitePoses
    case .libero:
      joints = try joints ?? reader.rows("obs/joint_states")
      poses = try poses ?? reader.poses("obs/ee_states", width: 6, .axisAngle)
    case .maniskill:
      joints = try joints ?? reader.rows("obs/agent/qpos")
      poses = try poses ?? reader.poses("obs/extra/tcp_pose", width: 7, .quaternionWXYZ)
    }
  }
}

extension Proprioception {
  /// Reads arrays of one episode and checks them.
  private struct Reader {
    let index: Int
    let demonstrations: DemonstrationFile
    let names: Set<String>
    let frameCount: Int

    init(of index: Int, in demonstrations: DemonstrationFile) throws {
      self.index = index
      self.demonstrations = demonstrations
      names = Set(try demonstrations.datasets(of: index).map(\.name))
      frameCount = try demonstrations.frameCount(of: index)
    }

    private var episode: String { demonstrations.episodeNames[index] }
    private var file: String { demonstrations.url.path }

    /// A row a frame, all of them finite; `nil` when there is no such array.
    func rows(_ name: String, width: Int? = nil) throws -> [[Double]]? {
      guard names.contains(name) else { return nil }
      let rows = try demonstrations.rows(of: name, episode: index)
      guard rows.count >= frameCount, width == nil || rows[0].count == width else {
        throw DemonstrationError.wrongShape(
          name, episode: episode, file: file,
          expected: "(\(frameCount), \(width.map(String.init) ?? "dimensions"))",
          found: [rows.count, rows.first?.count ?? 0])
      }
      for (frame, row) in rows.enumerated() where !row.allSatisfy(\.isFinite) {
        throw DemonstrationError.notFinite(name, episode: episode, file: file, frame: frame)
      }
      return rows
    }

    /// Positions and orientations side by side in one array.
    func poses(_ name: String, width: Int, _ orientation: Orientation) throws -> [Pose]? {
      try rows(name, width: width).map { try poses($0, name, orientation) }
    }

    /// robosuite keeps positions and quaternions apart.
    var robosuitePoses: [Pose]? {
      get throws {
        let name = "obs/robot0_eef_quat"
        guard let positions = try rows("obs/robot0_eef_pos", width: 3),
          let quaternions = try rows(name, width: 4)
        else { return nil }
        return try poses(zip(positions, quaternions).map(+), name, .quaternionXYZW)
      }
    }

    private func poses(
      _ rows: [[Double]], _ name: String, _ orientation: Orientation
    ) throws -> [Pose] {
      try rows.enumerated().map { frame, row in
        guard let rotation = Proprioception.rotation(Array(row[3...]), orientation) else {
          throw DemonstrationError.notARotation(
            name, episode: episode, file: file, frame: frame)
        }
        return Pose(position: [row[0], row[1], row[2]], rotation: rotation)
      }
    }
  }

  private static func rotation(_ row: [Double], _ orientation: Orientation) -> Rotation? {
    switch orientation {
    case .quaternionXYZW: return Rotation(quaternionXYZW: [row[0], row[1], row[2], row[3]])
    case .quaternionWXYZ: return Rotation(quaternionXYZW: [row[1], row[2], row[3], row[0]])
    case .axisAngle:
      let axis = SIMD3(row[0], row[1], row[2])
      let angle = (axis * axis).sum().squareRoot()
      return angle > 0 ? Rotation(angle: angle, aboutUnitAxis: axis / angle) : .identity
    }
  }
}
