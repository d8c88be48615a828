/// The model of a `tokenizer.json` of type `BPE`.
struct BytePairModel: Sendable {
  private struct Pair: Hashable, Sendable {
    var left: Int
    var right: Int
  }

  private struct Merge: Sendable {
    var rank: Int
    var id: Int
  }

  private(set) var ids: [ByteString: Int] = [:]
  private var merges: [Pair: Merge] = [:]
  /// The pieces of the 256 bytes where they are there and fallback is asked for.
  private var byteIDs: [Int?] = []
  private(set) var unknownID: Int?
  private let fusesUnknown: Bool
  /// A word that is a piece is taken whole.
  private let ignoresMerges: Bool

  init(_ fields: JSONFields) throws(TokenizerFault) {
    let type = try fields.object.contains("type") ? fields.type() : "BPE"
    guard type == "BPE" else { throw .unsupported("a model of type '\(type)'") }
    fusesUnknown = try fields.flag("fuse_unk", default: false)
    ignoresMerges = try fields.flag("ignore_merges", default: false)
    try Self.refuseVariants(fields)
    try readVocabulary(fields.fields("vocab"))
    if fields.object["unk_token"] != nil {
      let piece = try fields.bytes("unk_token")
      guard let id = ids[piece] else { throw .noUnknownPiece }
      unknownID = id
    }
    if try fields.flag("byte_fallback", default: false) {
      byteIDs = (UInt8.min...UInt8.max).map { ids[UTF8Text.bytePiece($0)] }
    }
    try readMerges(fields)
  }

  private static func refuseVariants(_ fields: JSONFields) throws(TokenizerFault) {
    if let dropout = fields.object["dropout"]?.double, dropout != 0 {
      throw .unsupported("random merges ('model.dropout')")
    }
    for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let affix = fields.object[key]?.bytes, !affix.utf8.isEmpty {
        throw .unsupported("marks within words ('model.\(key)')")
      }
    }
  }

  private mutating func readVocabulary(_ vocabulary: JSONFields) throws(TokenizerFault) {
    var known = Set<Int>()
    for (piece, value) in vocabulary.object.members {
      guard let id = value.integer, 0..<SentencePieceSpecification.pieceLimit ~= id else {
        throw .identifierOutOfRange(piece.string)
      }
      guard known.insert(id).inserted else { throw .duplicateIdentifier(id) }
      ids[piece] = id
    }
    guard !ids.isEmpty else { throw .emptyVocabulary }
  }

  private mutating func readMerges(_ fields: JSONFields) throws(TokenizerFault) {
    guard let list = fields.object["merges"]?.array else {
      throw .badField(fields.path("merges"), expected: "a list")
    }
    for (rank, value) in list.enumerated() {
      guard let (left, right) = Self.pair(value) else {
        throw .badField(fields.path("merges.\(rank)"), expected: "a pair of pieces")
      }
      let pair = Pair(left: try id(of: left), right: try id(of: right))
      merges[pair] = Merge(rank: rank, id: try id(of: left + right))
    }
  }

  /// The two halves of a merge, written as `"a b"` or as `["a", "b"]`.
  private static func pair(_ value: JSONValue) -> (ArraySlice<UInt8>, ArraySlice<UInt8>)? {
    let parts: [ArraySlice<UInt8>]
    if let text = value.bytes {
      parts = text.utf8.split(separator: 0x20, omittingEmptySubsequences: false)
    } else {
      parts = (value.array ?? []).compactMap { $0.bytes?.utf8[...] }
    }
    guard parts.count == 2, !parts.contains(where: \.isEmpty) else { return nil }
    return (parts[0], parts[1])
  }

  private func id(of piece: ArraySlice<UInt8>) throws(TokenizerFault) -> Int {
    let piece = ByteString(utf8: Array(piece))
    guard let id = ids[piece] else { throw .unknownMergePiece(piece.string) }
    return id
  }
}

// MARK: - Encoding

extension BytePairModel {
  func encode(_ word: [UInt8]) -> [Int] {
    if ignoresMerges, let id = ids[ByteString(utf8: word)] { return [id] }
    let symbols = SymbolMerging.merge(symbols(word)) { left, right in
      merges[Pair(left: left.id, right: right.id)].map {
        .init(priority: -Double($0.rank), id: $0.id)
      }
    }
    return symbols.map(\.id)
  }

  private func symbols(_ word: [UInt8]) -> [SymbolMerging.Symbol] {
    var symbols: [SymbolMerging.Symbol] = []
    var position = 0
    while position < word.count {
      let end = position + UTF8Text.characterLength(in: word, at: position)
      if let id = ids[ByteString(utf8: Array(word[position..<end]))] {
        symbols.append(.init(range: position..<end, id: id))
      } else if let bytes = fallback(word[position..<end]) {
        for (place, id) in zip(position..<end, bytes) {
          symbols.append(.init(range: place..<place + 1, id: id))
        }
      } else if let unknownID {
        if fusesUnknown, symbols.last?.id == unknownID {
          symbols[symbols.count - 1].range = symbols[symbols.count - 1].range.lowerBound..<end
        } else {
          symbols.append(.init(range: position..<end, id: unknownID))
        }
      }
      position = end
    }
    return symbols
  }

  /// The pieces of a character's bytes; nil unless all are there.
  private func fallback(_ character: ArraySlice<UInt8>) -> [Int]? {
    guard !byteIDs.isEmpty else { return nil }
    let ids = character.compactMap { byteIDs[Int($0)] }
    return ids.count == character.count ? ids : nil
  }
}
