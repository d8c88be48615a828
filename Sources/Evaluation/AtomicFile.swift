package import Foundation

/// Files that are there as a whole or not at all.
package enum AtomicFile {
  /// Writes to a temporary name beside `path`, flushes to disk, then renames.
  ///
  /// - Throws: `EvaluationError.cannotWrite`; nothing is left behind.
  package static func write(_ data: Data, to path: String) throws {
    let temporary = "\(path).\(getpid()).partial"
    do {
      let file = try Descriptor(opening: temporary, O_WRONLY | O_CREAT | O_TRUNC)
      try file.write(data)
      try file.flush()
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let reason = systemReason()
      unlink(temporary)
      throw EvaluationError.cannotWrite(path: path, reason: reason)
    }
  }
}
