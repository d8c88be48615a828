internal import COpenSSL

/// OpenSSL's SHA-256 of bytes as they come.
@safe package struct SHA256Stream: ~Copyable {
  private let context: OpaquePointer

  /// - Throws: `FileFault.unreadable` when OpenSSL refuses.
  package init() throws(FileFault) {
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

  /// Goes on with these bytes.
  ///
  /// - Throws: `FileFault.unreadable` when OpenSSL refuses.
  package func update(_ bytes: [UInt8]) throws(FileFault) {
    let result = unsafe bytes.withUnsafeBytes {
      unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count)
    }
    guard result == 1 else { throw SHA256Stream.refusal }
  }

  /// The digest in lower-case hexadecimal digits.
  package consuming func finish() throws(FileFault) -> String {
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
