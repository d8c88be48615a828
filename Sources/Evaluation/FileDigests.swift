internal import Files
import Foundation
package import Outcomes

extension FileDigest {
  /// The SHA-256 of a regular file, read in pieces.
  ///
  /// - Throws: `inputMissing` when there is no such file or it cannot be read.
  package init(ofFile path: String, named name: String? = nil) throws {
    do {
      let hash = try FileHash(ofFile: path)
      self.init(path: name ?? path, bytes: hash.byteCount, sha256: hash.sha256)
    } catch {
      throw EvaluationError(error, path: path)
    }
  }

  /// The digests of all files in a folder and its folders, hidden ones left out, by relative
  /// path in order; or of the file that `path` names.
  ///
  /// - Throws: `inputMissing` when there is none.
  package static func all(inFolder path: String) throws -> [FileDigest] {
    try WatchedFile.all(inFolder: path).map(\.digest)
  }
}

extension WatchedFile {
  /// All files in a folder and its folders, hidden ones left out, by relative path in order; or
  /// the file that `path` names.
  ///
  /// - Throws: `inputMissing` when there is none.
  package static func all(inFolder path: String) throws -> [WatchedFile] {
    if isRegular(path) { return [try WatchedFile(path)] }
    guard let walk = FileManager.default.enumerator(atPath: path) else {
      throw EvaluationError.inputMissing(path: path, reason: missingReason(path))
    }
    let names = walk.compactMap { $0 as? String }.filter { name in
      !name.split(separator: "/").contains { $0.hasPrefix(".") } && isRegular("\(path)/\(name)")
    }
    guard !names.isEmpty else {
      throw EvaluationError.inputMissing(path: path, reason: missingReason(path))
    }
    return try names.sorted().map { try WatchedFile("\(path)/\($0)", named: $0) }
  }
}

private func isRegular(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
}

private func missingReason(_ path: String) -> String {
  var status = stat()
  guard stat(path, &status) == 0 else { return systemReason() }
  return status.st_mode & S_IFMT == S_IFDIR ? "no file in it" : "no regular file"
}
