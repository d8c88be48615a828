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
    let names = Set(try demonstrations.datasets(of: index).map(\.name))
    let count = try demonstrations.frameCount(of: index)
    func rows(_ name: String, width: Int? = nil) throws -> [[Double]]? {
      guard names.contains(name) else { return nil }
      let rows = try demonstrations.rows(of: name, episode: index)
      guard rows.count >= count, width == nil || rows[0].count == width else {
        throw DemonstrationError.wrongShape(
          name, episode: demonstrations.episodeNames[index], file: demonstrations.url.path,
          expected: "(\(count), \(width.map(String.init) ?? "dimensions"))",
          found: [rows.count, rows.first?.count ?? 0])
      }
      for (frame, row) in rows.enumerated() where !row.allSatisfy(\.isFinite) {
        throw DemonstrationError.notFinite(
          name, episode: demonstrations.episodeNames[index], file: demonstrations.url.path,
          frame: frame)
      }
      return rows
    }
    func poses(
      _ rows: [[Double]]?, _ orientation: Orientation, _ name: String
    ) throws -> [Pose]? {
      try rows?.enumerated().map { frame, row in
        guard let rotation = Proprioception.rotation(Array(row[3...]), orientation) else {
          throw DemonstrationError.notARotation(
            name, episode: demonstrations.episodeNames[index], file: demonstrations.url.path,
            frame: frame)
        }
        return Pose(position: [row[0], row[1], row[2]], rotation: rotation)
      }
    }
    openings = try rows(Layout.Dataset.gripperOpen, width: 1)?.map { $0[0] }
    self.poses = try poses(
      rows(Layout.Dataset.gripperPose, width: 7), .quaternionXYZW, Layout.Dataset.gripperPose)
    joints = try rows(Layout.Dataset.jointPositions)
    switch demonstrations.schema {
    case .mole:
      break
    case .robomimic, .robosuite:
      joints = try joints ?? rows("obs/robot0_joint_pos")
      if self.poses == nil, let position = try rows("obs/robot0_eef_pos", width: 3),
        let quaternion = try rows("obs/robot0_eef_quat", width: 4)
      {
        self.poses = try poses(
          zip(position, quaternion).map(+), .quaternionXYZW, "obs/robot0_eef_quat")
      }
    case .libero:
      joints = try joints ?? rows("obs/joint_states")
      if self.poses == nil {
        self.poses = try poses(rows("obs/ee_states", width: 6), .axisAngle, "obs/ee_states")
      }
    case .maniskill:
      joints = try joints ?? rows("obs/agent/qpos")
      if self.poses == nil {
        self.poses = try poses(
          rows("obs/extra/tcp_pose", width: 7), .quaternionWXYZ, "obs/extra/tcp_pose")
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
