internal import Files
internal import Foundation

/// The small files of a checkpoint, read and written as a whole.
enum CheckpointFile {
  /// - Throws: `CheckpointError`: missing, unreadable, too large.
  static func read(_ url: URL, limit: Int) throws(CheckpointError) -> [UInt8] {
    try CheckpointError.naming(url.path) { () throws(FileFault) in
      try RegularFile.bytes(of: url.path, limit: limit)
    }
  }

  /// The file appears under its name when it is complete.
  ///
  /// - Throws: `CheckpointError.cannotWrite`.
  static func write(_ bytes: [UInt8], to url: URL) throws(CheckpointError) {
    try CheckpointError.naming(url.path) { () throws(FileFault) in
      try PartialFile.write(bytes, to: url.path)
    }
  }
}
