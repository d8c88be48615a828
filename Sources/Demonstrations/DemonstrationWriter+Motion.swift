internal import HDF5Files
internal import Manipulation

extension DemonstrationWriter {
  /// Writes what happened between the frames; states are packed, as neighbours hardly differ.
  func writeMotion(
    of demonstration: RecordedDemonstration, to group: String, in file: borrowing HDF5File
  ) throws {
    let motion = demonstration.motion
    guard !motion.isEmpty else { return }
    try file.createGroup("\(group)/motion")
    try add(motion.map { [$0.time] }, Layout.Motion.time)
    try add(motion.map(\.state), Layout.Motion.states)
    try add(
      motion.compactMap { $0.observation.gripperPose.map(Self.vector) }, Layout.Motion.gripperPose)
    try add(
      motion.compactMap { $0.observation.gripperOpen.map { [$0] } }, Layout.Motion.gripperOpen)
    try add(motion.compactMap(\.observation.jointPositions), Layout.Motion.jointPositions)
    try add(motion.map(\.jointVelocities), Layout.Motion.jointVelocities)

    func add(_ rows: [[Double]], _ name: String) throws {
      guard let width = rows.first?.count, rows.allSatisfy({ $0.count == width }), width > 0 else {
        return
      }
      let path = "\(group)/\(name)"
      let shape = width == 1 ? [rows.count] : [rows.count, width]
      try file.createDataset(
        path, of: .float64, shape: shape, chunk: shape, compression: Self.compression)
      try file.write(rows.flatMap(\.self), to: path)
    }
  }
}
