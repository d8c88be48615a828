/// UTF-8 bytes that compare byte by byte.
///
/// Swift's `String` treats canonically equivalent texts as equal ("é" composed and decomposed);
/// vocabularies and JSON objects hold such pairs as different keys.
package struct ByteString: Sendable {
  package let utf8: [UInt8]

  package init(utf8: [UInt8]) {
    self.utf8 = utf8
  }

  package init(_ text: some StringProtocol) {
    utf8 = Array(text.utf8)
  }

  /// The text, with U+FFFD for bytes that are not UTF-8.
  package var string: String { String(decoding: utf8, as: UTF8.self) }
}

extension ByteString: Hashable {
  package func hash(into hasher: inout Hasher) {
    unsafe utf8.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
  }
}

extension ByteString: Comparable {
  package static func < (left: ByteString, right: ByteString) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}

extension ByteString: ExpressibleByStringLiteral {
  package init(stringLiteral value: String) {
    self.init(value)
  }
}
