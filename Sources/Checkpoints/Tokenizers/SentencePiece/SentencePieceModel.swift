/// A SentencePiece model: byte-pair encoding (as Llama's) or unigram.
struct SentencePieceModel: Sendable {
  typealias Piece = SentencePieceSpecification.Piece

  let pieces: [Piece]
  let unknownID: Int
  let beginningID: Int?
  let endID: Int?
  private let specification: SentencePieceSpecification
  private let normalizer: SentencePieceNormalizer
  private let fixedPieces: PieceTrie
  /// Pieces that a text may contain.
  private let textIDs: [ByteString: Int]
  /// Control, unknown and byte pieces.
  private let reservedIDs: [ByteString: Int]
  /// The pieces of the 256 bytes; empty when the model does not fall back to bytes.
  private let byteIDs: [Int]
  private let longestPiece: Int
  /// Only for unigram models.
  private let unigram: UnigramLattice?

  /// - Throws: `CheckpointError.damagedTokenizer` or `.unsupportedTokenizer`.
  init(_ bytes: [UInt8], path: String) throws(CheckpointError) {
    do throws(TokenizerFault) {
      let specification = try SentencePieceSpecification(bytes)
      if let feature = specification.unsupportedFeature {
        throw .unsupported(feature)
      }
      try self.init(specification)
    } catch .unsupported(let feature) {
      throw .unsupportedTokenizer(path, feature: feature)
    } catch {
      throw .damagedTokenizer(path, fault: error)
    }
  }

  private init(_ specification: SentencePieceSpecification) throws(TokenizerFault) {
    self.specification = specification
    pieces = specification.pieces
    (textIDs, reservedIDs) = try Self.index(pieces)
    guard let unknown = pieces.firstIndex(where: { $0.kind == .unknown }) else {
      throw .noUnknownPiece
    }
    unknownID = unknown
    beginningID = Self.control(specification.beginningPiece, reservedIDs, pieces)
    endID = Self.control(specification.endPiece, reservedIDs, pieces)
    byteIDs = specification.fallsBackToBytes ? try Self.byteIDs(reservedIDs, pieces) : []
    var fixed = PieceTrie()
    for (id, piece) in pieces.enumerated() where piece.kind == .userDefined {
      fixed.insert(piece.text.utf8, value: id)
    }
    fixedPieces = fixed
    normalizer = try SentencePieceNormalizer(specification.normalization, fixedPieces: fixed)
    longestPiece = pieces.reduce(0) { max($0, $1.text.utf8.count) }
    unigram =
      specification.algorithm == .unigram
      ? UnigramLattice(pieces, textIDs: textIDs, unknownID: unknown) : nil
  }

  private static func index(
    _ pieces: [Piece]
  ) throws(TokenizerFault) -> (text: [ByteString: Int], reserved: [ByteString: Int]) {
    var text: [ByteString: Int] = [:]
    var reserved: [ByteString: Int] = [:]
    for (id, piece) in pieces.enumerated() {
      guard !piece.text.utf8.isEmpty else { throw .emptyPiece(id: id) }
      let previous =
        switch piece.kind {
        case .normal, .userDefined, .unused: text.updateValue(id, forKey: piece.text)
        case .unknown, .control, .byte: reserved.updateValue(id, forKey: piece.text)
        }
      guard previous == nil else { throw .duplicatePiece(piece.text.string) }
    }
    return (text, reserved)
  }

  private static func control(
    _ text: ByteString, _ reserved: [ByteString: Int], _ pieces: [Piece]
  ) -> Int? {
    guard let id = reserved[text], pieces[id].kind == .control else { return nil }
    return id
  }

  private static func byteIDs(
    _ reserved: [ByteString: Int], _ pieces: [Piece]
  ) throws(TokenizerFault) -> [Int] {
    var ids: [Int] = []
    for byte in UInt8.min...UInt8.max {
      let piece = UTF8Text.bytePiece(byte)
      guard let id = reserved[piece], pieces[id].kind == .byte else {
        throw .missingBytePiece(piece.string)
      }
      ids.append(id)
    }
    return ids
  }

  func id(of piece: ByteString) -> Int? { reservedIDs[piece] ?? textIDs[piece] }
}

extension SentencePieceSpecification {
  /// What the file asks for that we do not do.
  fileprivate var unsupportedFeature: String? {
    switch algorithm {
    case .word: "a model of whole words"
    case .character: "a model of single characters"
    case .unigram, .bytePair:
      treatsSpaceAsSuffix
        ? "spaces as suffixes" : denormalizes ? "replacement of characters when decoding" : nil
    }
  }
}

// MARK: - Encoding

extension SentencePieceModel {
  func encode(_ text: [UInt8]) -> [Int] {
    let normalized = normalizer.normalize(text)
    let symbols = unigram?.bestPath(normalized) ?? bytePairs(normalized)
    var ids: [Int] = []
    var followsUnknown = false
    for (range, id) in symbols {
      let isUnknown = id == unknownID
      if isUnknown, !byteIDs.isEmpty {
        ids += normalized[range].map { byteIDs[Int($0)] }
      } else if !(isUnknown && followsUnknown) {
        // A run of unknown pieces is one.
        ids.append(id)
      }
      followsUnknown = isUnknown
    }
    return ids
  }

  private func bytePairs(_ text: [UInt8]) -> [(Range<Int>, id: Int)] {
    /// How an unused piece came about, for taking it apart again.
    var halves: [ByteString: Int] = [:]
    let merged = SymbolMerging.merge(characters(text)) { left, right in
      let range = left.range.lowerBound..<right.range.upperBound
      guard range.count <= longestPiece else { return nil }
      let piece = ByteString(utf8: Array(text[range]))
      guard let id = textIDs[piece] else { return nil }
      if pieces[id].kind == .unused { halves[piece] = left.range.count }
      return .init(priority: Double(pieces[id].score), id: id)
    }
    return merged.flatMap { pieces(of: $0.range, in: text, halves: halves) }
  }

  private func characters(_ text: [UInt8]) -> [SymbolMerging.Symbol] {
    var symbols: [SymbolMerging.Symbol] = []
    var position = 0
    while position < text.count {
      let fixed = fixedPieces.longestMatch(in: text, at: position)
      let end = fixed?.end ?? position + UTF8Text.characterLength(in: text, at: position)
      symbols.append(.init(range: position..<end, id: -1, merges: fixed == nil))
      position = end
    }
    return symbols
  }

  /// A symbol, or the usable pieces that an unused one was merged from.
  private func pieces(
    of range: Range<Int>, in text: [UInt8], halves: [ByteString: Int]
  ) -> [(Range<Int>, id: Int)] {
    var result: [(Range<Int>, id: Int)] = []
    var open = [range]
    while let range = open.popLast() {
      let piece = ByteString(utf8: Array(text[range]))
      let id = id(of: piece) ?? unknownID
      if pieces[id].kind == .unused, let first = halves[piece] {
        open.append(range.lowerBound + first..<range.upperBound)
        open.append(range.lowerBound..<range.lowerBound + first)
      } else {
        result.append((range, id))
      }
    }
    return result
  }
}

// MARK: - Decoding

extension SentencePieceModel {
  /// The text of pieces; unknown identifiers are left out.
  func decode(_ ids: [Int]) -> [UInt8] {
    var text: [UInt8] = []
    var bytes: [UInt8] = []
    var atStart = true
    for id in ids where pieces.indices.contains(id) {
      let piece = pieces[id]
      if piece.kind == .byte, let byte = UTF8Text.byte(ofPiece: piece.text) {
        bytes.append(byte)
        continue
      }
      text += repaired(bytes)
      bytes = []
      if !text.isEmpty { atStart = false }
      let (surface, removedSpace) = surface(of: piece, atStart: atStart)
      if removedSpace { atStart = false }
      text += surface
    }
    return text + repaired(bytes)
  }

  private func surface(of piece: Piece, atStart: Bool) -> ([UInt8], removedSpace: Bool) {
    switch piece.kind {
    case .control: return ([], false)
    case .unknown: return (specification.unknownSurface.utf8, false)
    case .normal, .userDefined, .unused, .byte: break
    }
    var bytes = piece.text.utf8
    var removedSpace = false
    let normalization = specification.normalization
    if atStart, normalization.addsDummyPrefix || normalization.removesExtraSpaces,
      bytes.starts(with: UTF8Text.space)
    {
      bytes.removeFirst(UTF8Text.space.count)
      // Where extra spaces are removed, all of the leading ones are.
      removedSpace = !normalization.removesExtraSpaces
    }
    return (bytes.replacing(UTF8Text.space, with: [0x20]), removedSpace)
  }

  /// UTF-8 with U+FFFD for what is not.
  private func repaired(_ bytes: [UInt8]) -> [UInt8] {
    bytes.isEmpty ? [] : Array(UTF8Text.repairedByByte(bytes))
  }
}
