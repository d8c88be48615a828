internal import COpenSSL
internal import Files
import Foundation
package import Outcomes

extension FileDigest {
  /// The SHA-256 of a regular file, read in pieces.
  ///
  /// - Throws: `inputMissing` when there is no such file or it cannot be read.
  package init(ofFile path: String, named name: String? = nil) throws {
    let hash = try SHA256Stream(path: path)
    var byteCount = 0
    do {
      let file = try RegularFile(path)
      while case let piece = try file.read(1 << 20), !piece.isEmpty {
        try hash.update(piece)
        byteCount += piece.count
      }
    } catch let fault as FileFault {
      throw EvaluationError(fault, path: path)
    }
    self.init(path: name ?? path, bytes: byteCount, sha256: try hash.finish())
  }

  /// The digests of all files in a folder and its folders, hidden ones left out, by relative
  /// path in order; or of the file that `path` names.
  ///
  /// - Throws: `inputMissing` when there is none.
  package static func all(inFolder path: String) throws -> [FileDigest] {
    if isRegular(path) { return [try FileDigest(ofFile: path)] }
    guard let walk = FileManager.default.enumerator(atPath: path) else {
      throw EvaluationError.inputMissing(path: path, reason: missingReason(path))
    }
    let names = walk.compactMap { $0 as? String }.filter { name in
      !name.split(separator: "/").contains { $0.hasPrefix(".") } && isRegular("\(path)/\(name)")
    }
    guard !names.isEmpty else {
      throw EvaluationError.inputMissing(path: path, reason: missingReason(path))
    }
    return try names.sorted().map { try FileDigest(ofFile: "\(path)/\($0)", named: $0) }
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

/// OpenSSL's SHA-256 of bytes as they come.
private struct SHA256Stream: ~Copyable {
  private let context: OpaquePointer
  private let path: String

  init(path: String) throws {
    guard let context = EVP_MD_CTX_new() else {
      throw EvaluationError.digestFailed(path: path)
    }
    guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      EVP_MD_CTX_free(context)
      throw EvaluationError.digestFailed(path: path)
    }
    self.context = context
    self.path = path
  }

  deinit {
    EVP_MD_CTX_free(context)
  }

  func update(_ bytes: [UInt8]) throws {
    try check(bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) })
  }

  /// The digest in lower-case hexadecimal digits.
  consuming func finish() throws -> String {
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    try check(EVP_DigestFinal_ex(context, &digest, &length))
    return digest.prefix(Int(length)).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  private func check(_ result: Int32) throws {
    guard result == 1 else { throw EvaluationError.digestFailed(path: path) }
  }
}

/// The version of OpenSSL that computes the digests.
var digestLibraryVersion: String {
  guard let text = OpenSSL_version(OPENSSL_VERSION) else { return "unknown" }
  return String(cString: text)
}
