internal import Files
package import Foundation

/// Files of a run directory, there as a whole or not at all.
package enum WholeFile {
  /// - Throws: `EvaluationError.cannotWrite`; nothing is left behind.
  package static func write(_ data: Data, to path: String) throws {
    do {
      try PartialFile.write(data, to: path)
    } catch {
      throw EvaluationError(error, path: path)
    }
  }

  /// Reads a file of at most `limit` bytes.
  ///
  /// - Throws: `EvaluationError.inputMissing` when there is none that can be read.
  static func read(_ path: String, limit: Int = .max) throws -> Data {
    do {
      return Data(try RegularFile.bytes(of: path, limit: limit))
    } catch {
      throw EvaluationError(error, path: path)
    }
  }
}

extension EvaluationError {
  /// What is wrong with the file at `path`.
  init(_ fault: FileFault, path: String) {
    self =
      switch fault {
      case .missing: .inputMissing(path: path, reason: systemReason(ENOENT))
      case .unreadable(let reason): .inputMissing(path: path, reason: reason)
      case .tooLarge(let byteCount, let limit):
        .inputMissing(path: path, reason: "it has \(byteCount) bytes, more than \(limit)")
      case .cannotWrite(let reason): .cannotWrite(path: path, reason: reason)
      }
  }
}
