/// The pieces of a `tokenizer.json` that are looked for in the text before anything else.
struct AddedPieces: Sendable {
  struct Piece: Sendable {
    var id: Int
    var content: ByteString
    /// Takes the white space before, or after, with it.
    var takesLeft: Bool
    var takesRight: Bool
    /// Looked for in the normalized text.
    var isNormalized: Bool
    /// Left out when decoding.
    var isSpecial: Bool

    init(_ fields: JSONFields) throws(TokenizerFault) {
      content = try fields.bytes("content")
      id = try fields.integer("id")
      guard 0..<SentencePieceSpecification.pieceLimit ~= id else {
        throw .identifierOutOfRange(content.string)
      }
      guard !content.utf8.isEmpty else { throw .emptyPiece(id: id) }
      guard try !fields.flag("single_word", default: false) else {
        throw .unsupported("added pieces that match whole words only ('\(content.string)')")
      }
      takesLeft = try fields.flag("lstrip", default: false)
      takesRight = try fields.flag("rstrip", default: false)
      isSpecial = try fields.flag("special", default: false)
      isNormalized = try fields.flag("normalized", default: !isSpecial)
    }

    /// What is looked for in the text, and what the piece is decoded to.
    func surface(_ normalizer: TextNormalizer?) -> ByteString {
      guard isNormalized, let normalizer else { return content }
      return ByteString(utf8: normalizer.apply(to: content.utf8))
    }
  }

  /// A stretch of text, or the piece found between two of them.
  enum Part {
    case text([UInt8], isFirst: Bool)
    case piece(Int)
  }

  let pieces: [Piece]
  private var raw = PieceTrie()
  private var normalized = PieceTrie()

  init(_ pieces: [Piece], normalizer: TextNormalizer?) {
    self.pieces = pieces
    for (index, piece) in pieces.enumerated() {
      let content = piece.surface(normalizer).utf8
      if !piece.isNormalized {
        raw.insert(content, value: index)
      } else if !content.isEmpty {
        normalized.insert(content, value: index)
      }
    }
  }

  /// Cuts a text at the pieces that do not wait for normalization.
  func cutRaw(_ text: [UInt8]) -> [Part] { cut(text, raw, isFirst: true) }

  /// Cuts a normalized text at the others.
  func cutNormalized(_ text: [UInt8], isFirst: Bool) -> [Part] {
    cut(text, normalized, isFirst: isFirst)
  }

  private func cut(_ text: [UInt8], _ trie: PieceTrie, isFirst: Bool) -> [Part] {
    guard !trie.isEmpty else { return text.isEmpty ? [] : [.text(text, isFirst: isFirst)] }
    var parts: [Part] = []
    var textStart = 0
    var position = 0
    func close(_ end: Int) {
      guard end > textStart else { return }
      parts.append(.text(Array(text[textStart..<end]), isFirst: isFirst && textStart == 0))
    }
    while position < text.count {
      guard let match = trie.longestMatch(in: text, at: position) else {
        position += 1
        continue
      }
      let piece = pieces[match.value]
      close(piece.takesLeft ? spaceStart(text, textStart..<position) : position)
      parts.append(.piece(piece.id))
      textStart = piece.takesRight ? spaceEnd(text, from: match.end) : match.end
      position = textStart
    }
    close(text.count)
    return parts
  }

  /// Where the white space at the end of a stretch begins.
  private func spaceStart(_ text: [UInt8], _ range: Range<Int>) -> Int {
    let scalars = String(decoding: text[range], as: UTF8.self).unicodeScalars
    let spaces = scalars.reversed().prefix { $0.properties.isWhitespace }
    return range.upperBound - spaces.reduce(0) { $0 + UTF8.width($1) }
  }

  private func spaceEnd(_ text: [UInt8], from start: Int) -> Int {
    let scalars = String(decoding: text[start...], as: UTF8.self).unicodeScalars
    return scalars.prefix { $0.properties.isWhitespace }.reduce(start) { $0 + UTF8.width($1) }
  }
}
