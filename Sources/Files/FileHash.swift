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

/// OpenSSL's SHA-256 of bytes as they come.
@safe private struct SHA256Stream: ~Copyable {
  private let context: OpaquePointer

  init() throws(FileFault) {
    guard let context = unsafe EVP_MD_CTX_new() else { throw SHA256Stream.refusal }
    guard unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      unsafe EVP_MD_CTX_free(context)
      throw SHA256Stream.refusal
    }
    unsafe self.context = context
  }

  deinit {
    unsafe EVP_MD_CTX_free(context)
  }

  func update(_ bytes: [UInt8]) throws(FileFault) {
    let result = unsafe bytes.withUnsafeBytes {
      unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count)
    }
    guard result == 1 else { throw SHA256Stream.refusal }
  }

  /// The digest in lower-case hexadecimal digits.
  consuming func finish() throws(FileFault) -> String {
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    guard unsafe EVP_DigestFinal_ex(context, &digest, &length) == 1 else {
      throw SHA256Stream.refusal
    }
    return digest.prefix(Int(length)).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  private static var refusal: FileFault {
    .unreadable(reason: "OpenSSL refuses to compute its SHA-256")
  }
}
