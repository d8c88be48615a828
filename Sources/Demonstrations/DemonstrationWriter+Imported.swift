internal import Foundation
internal import HDF5Files

/// What only imported demonstrations have.
extension DemonstrationWriter {
  /// Writes all wordings of the instruction as a JSON list, where there are several to keep.
  func writeInstructions(
    of demonstration: RecordedDemonstration, to group: String, in file: borrowing HDF5File
  ) throws {
    guard !demonstration.instructions.isEmpty else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(demonstration.instructions), as: UTF8.self)
    try file.writeAttribute(Layout.Attribute.instructions, .text(text), to: group)
  }

  /// Writes `obs/<camera>_depth`, (T, H, W) f4 in metres, packed frame by frame.
  func writeDepths(
    of demonstration: RecordedDemonstration, to group: String, in file: borrowing HDF5File
  ) throws {
    let frames = demonstration.frames
    for (camera, first) in (frames.first?.depths ?? [:]).sorted(by: { $0.key < $1.key }) {
      let path = "\(group)/obs/\(camera)\(Layout.depthSuffix)"
      let size = [first.height, first.width]
      try file.createDataset(
        path, of: .float32, shape: [frames.count] + size, chunk: [1] + size, compression: 4)
      for (index, frame) in frames.enumerated() {
        guard let depth = frame.depths[camera] else { continue }
        try file.write(depth.metres, to: path, fromRow: index)
      }
    }
  }
}
