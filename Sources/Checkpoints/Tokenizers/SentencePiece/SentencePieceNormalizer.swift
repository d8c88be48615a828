/// Prepares a text as SentencePiece does: replaces characters, removes spaces that do not count,
/// adds the dummy prefix and writes spaces as "▁".
struct SentencePieceNormalizer: Sendable {
  private let specification: SentencePieceSpecification.Normalization
  private let characterMap: CharacterMap?
  /// User-defined pieces; they are never changed.
  private let fixedPieces: PieceTrie
  private let space: [UInt8]

  init(
    _ specification: SentencePieceSpecification.Normalization, fixedPieces: PieceTrie
  ) throws(TokenizerFault) {
    self.specification = specification
    self.fixedPieces = fixedPieces
    space = specification.escapesSpaces ? UTF8Text.space : [0x20]
    characterMap =
      specification.characterMap.isEmpty ? nil : try CharacterMap(specification.characterMap)
  }

  func normalize(_ text: [UInt8]) -> [UInt8] {
    var position = 0
    if specification.removesExtraSpaces {
      while position < text.count {
        let (part, end) = part(of: text, at: position)
        guard part.elementsEqual([0x20]) else { break }
        position = end
      }
    }
    guard position < text.count else { return [] }
    var result = specification.addsDummyPrefix ? space : []
    var followsSpace = specification.removesExtraSpaces
    while position < text.count {
      let (part, end) = part(of: text, at: position)
      let kept = followsSpace ? part.drop { $0 == 0x20 } : part
      for byte in kept {
        if byte == 0x20 { result += space } else { result.append(byte) }
      }
      if let last = kept.last { followsSpace = last == 0x20 }
      if !specification.removesExtraSpaces { followsSpace = false }
      position = end
    }
    if specification.removesExtraSpaces {
      while result.hasSuffix(space) { result.removeLast(space.count) }
    }
    return result
  }

  /// What the text at `position` becomes, and where the next part begins.
  private func part(of text: [UInt8], at position: Int) -> (ArraySlice<UInt8>, end: Int) {
    if let match = fixedPieces.longestMatch(in: text, at: position) {
      return (text[position..<match.end], match.end)
    }
    if let match = characterMap?.longestMatch(in: text, at: position) {
      return (match.replacement, match.end)
    }
    let end = position + UTF8Text.characterLength(in: text, at: position)
    return (text[position..<end], end)
  }
}
