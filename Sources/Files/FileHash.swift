internal import COpenSSL

/// The SHA-256 of a file and its length: whether two files are the same.
package struct FileHash: Codable, Equatable, Sendable {
  package let byteCount: Int
  /// In lower-case hexadecimal digits.
  package let sha256: String

  /// Hashes a regular file, read in pieces.
  ///
  /// - Throws: `FileFault.missing` or `.unreadable`.
  package init(ofFile path: String) throws(FileFault) {
    let hash = try SHA256Stream()
    var byteCount = 0
    let file = try RegularFile(path)
    while case let piece = try file.read(1 << 20), !piece.isEmpty {
      try hash.update(piece)
      byteCount += piece.count
    }
    self.byteCount = byteCount
    sha256 = try hash.finish()
  }

  /// The version of OpenSSL, which computes the hash.
  package static var libraryVersion: String {
    guard let text = unsafe OpenSSL_version(OPENSSL_VERSION) else { return "unknown" }
    return unsafe String(cString: text)
  }
}
