/// SentencePiece's compiled replacements, such as those of NFKC: a double-array trie (as
/// https://github.com/s-yata/darts-clone lays it out) from texts to places in a pool of
/// zero-terminated replacements.
struct CharacterMap: Sendable {
  private let units: [UInt32]
  private let pool: [UInt8]

  /// - Parameter bytes: The trie's length in bytes (u32, little-endian), the trie, the pool.
  init(_ bytes: [UInt8]) throws(TokenizerFault) {
    let fault = TokenizerFault.badField(
      "normalizer_spec.precompiled_charsmap", expected: "a table of replacements")
    guard bytes.count > 4 else { throw fault }
    let trieLength = Int(Self.unit(bytes, 0))
    guard trieLength.isMultiple(of: 4), trieLength >= 4, trieLength <= bytes.count - 4 else {
      throw fault
    }
    units = stride(from: 4, to: 4 + trieLength, by: 4).map { Self.unit(bytes, $0) }
    pool = Array(bytes[(4 + trieLength)...])
  }

  private static func unit(_ bytes: [UInt8], _ start: Int) -> UInt32 {
    bytes[start..<start + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// The replacement of the longest known text at `start`.
  func longestMatch(
    in text: [UInt8], at start: Int
  ) -> (replacement: ArraySlice<UInt8>, end: Int)? {
    var longest: (place: Int, end: Int)?
    var node = offset(units[0])
    for position in start..<text.count {
      node ^= UInt32(text[position])
      guard Int(node) < units.count else { break }
      let unit = units[Int(node)]
      guard unit & (1 << 31 | 0xFF) == UInt32(text[position]) else { break }
      node ^= offset(unit)
      if unit >> 8 & 1 == 1, Int(node) < units.count {
        longest = (Int(units[Int(node)] & (1 << 31 - 1)), position + 1)
      }
    }
    guard let (place, end) = longest, place < pool.count else { return nil }
    // Unicode's longest has 33 bytes; a damaged pool must not multiply the text.
    return (pool[place...].prefix(256).prefix { $0 != 0 }, end)
  }

  private func offset(_ unit: UInt32) -> UInt32 {
    (unit >> 10) << ((unit & 1 << 9) >> 6)
  }
}
