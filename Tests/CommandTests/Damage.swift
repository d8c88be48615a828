import Foundation

/// What can happen to a file between its writer and the program.
enum Damage: String, CaseIterable, Sendable {
  case empty
  case truncated
  case garbage
  /// A sound file of a kind that nothing here reads.
  case otherKind
  case folder
  case missing

  /// The exit code that a reader of files should give it.
  var exitCode: Int32 {
    switch self {
    case .empty, .truncated, .garbage, .otherKind: 65
    case .folder, .missing: 66
    }
  }

  /// Does it to a file.
  func strike(_ url: URL) throws {
    let bytes = try Data(contentsOf: url)
    try FileManager.default.removeItem(at: url)
    switch self {
    case .empty: try Data().write(to: url)
    case .truncated: try bytes.prefix(bytes.count / 2).write(to: url)
    case .garbage:
      try Data((0..<600).map { UInt8(truncatingIfNeeded: 37 &* $0 ^ $0 >> 3) })
        .write(to: url)
    case .otherKind: try Data(Damage.wave).write(to: url)
    case .folder:
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    case .missing: break
    }
  }

  /// A sound of one sample.
  private static let wave: [UInt8] =
    Array("RIFF".utf8) + [37, 0, 0, 0] + Array("WAVEfmt ".utf8)
    + [16, 0, 0, 0, 1, 0, 1, 0, 64, 31, 0, 0, 64, 31, 0, 0, 1, 0, 8, 0] + Array("data".utf8)
    + [1, 0, 0, 0, 128]
}
