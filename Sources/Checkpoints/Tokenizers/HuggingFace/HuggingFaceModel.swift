/// The way of a text through a Hugging Face `tokenizer.json`: added pieces, normalizer,
/// pre-tokenizer, byte-pair model; and back through the decoder.
struct HuggingFaceModel: Sendable {
  /// By identifier; empty for identifiers that nothing has.
  let pieces: [ByteString]
  let beginningID: Int?
  let endID: Int?
  private let ids: [ByteString: Int]
  private let specialIDs: Set<Int>
  private let added: AddedPieces
  private let normalizer: TextNormalizer?
  private let preTokenizer: PreTokenizer?
  private let model: BytePairModel
  private let decoder: TokenDecoder?

  var unknownID: Int? { model.unknownID }

  /// - Throws: `CheckpointError`: malformed, damaged or unsupported.
  init(_ bytes: [UInt8], path: String) throws(CheckpointError) {
    let value: JSONValue
    do throws(JSONFault) {
      value = try JSONParser.parse(bytes)
    } catch {
      throw .malformedJSON(file: path, fault: error)
    }
    do throws(TokenizerFault) {
      try self.init(JSONFields(value, ""))
    } catch .unsupported(let feature) {
      throw .unsupportedTokenizer(path, feature: feature)
    } catch {
      throw .damagedTokenizer(path, fault: error)
    }
  }

  private init(_ fields: JSONFields) throws(TokenizerFault) {
    let has = { (key: String) in fields.object[key] != nil }
    normalizer = has("normalizer") ? try TextNormalizer(fields.fields("normalizer")) : nil
    preTokenizer = has("pre_tokenizer") ? try PreTokenizer(fields.fields("pre_tokenizer")) : nil
    decoder = has("decoder") ? try TokenDecoder(fields.fields("decoder")) : nil
    // The library then prefixes a text only where nothing was stripped.
    if let normalizer, normalizer.stripsLeft, let preTokenizer, preTokenizer.prefixesFirst {
      throw .unsupported("'prepend_scheme' = 'first' after a normalizer that strips")
    }
    try TextGrowth.check(
      TextGrowth.ofSequence([normalizer?.growth ?? 1, preTokenizer?.growth ?? 1]), "normalizer")
    try TextGrowth.check(decoder?.growth ?? 1, "decoder")
    model = try BytePairModel(fields.fields("model"))
    var list: [AddedPieces.Piece] = []
    for piece in try fields.list("added_tokens") { list.append(try AddedPieces.Piece(piece)) }
    added = AddedPieces(list, normalizer: normalizer)
    specialIDs = Set(list.filter(\.isSpecial).map(\.id))
    (ids, pieces) = try Self.vocabulary(model.ids, list, normalizer)
    let (beginning, end) = try Self.template(fields)
    beginningID = Self.first(of: beginning + ["<s>", "<|begin_of_text|>", "<bos>"], in: ids)
    endID = Self.first(of: end + ["</s>", "<|end_of_text|>", "<|endoftext|>", "<eos>"], in: ids)
  }

  private static func vocabulary(
    _ modelIDs: [ByteString: Int], _ added: [AddedPieces.Piece], _ normalizer: TextNormalizer?
  ) throws(TokenizerFault) -> (ids: [ByteString: Int], pieces: [ByteString]) {
    var ids = modelIDs
    for piece in added {
      if let id = ids.updateValue(piece.id, forKey: piece.content), id != piece.id {
        throw .duplicatePiece(piece.content.string)
      }
    }
    let count = (ids.values.max() ?? -1) + 1
    // A piece or two with a huge identifier must not make a huge table.
    guard count <= 64 * ids.count + 65_536 else {
      throw .tooManyPieces(count, limit: 64 * ids.count + 65_536)
    }
    var pieces = [ByteString](repeating: ByteString(utf8: []), count: count)
    for (piece, id) in ids {
      guard pieces[id].utf8.isEmpty || piece.utf8.isEmpty else { throw .duplicateIdentifier(id) }
      pieces[id] = piece
    }
    for piece in added { pieces[piece.id] = piece.surface(normalizer) }
    return (ids, pieces)
  }

  private static func first(of candidates: [ByteString], in ids: [ByteString: Int]) -> Int? {
    candidates.lazy.compactMap { ids[$0] }.first
  }

  /// The special pieces that the post-processor puts before and after a single text.
  private static func template(
    _ fields: JSONFields
  ) throws(TokenizerFault) -> (before: [ByteString], after: [ByteString]) {
    guard fields.object["post_processor"] != nil else { return ([], []) }
    return try template(processor: fields.fields("post_processor"))
  }

  private static func template(
    processor: JSONFields
  ) throws(TokenizerFault) -> (before: [ByteString], after: [ByteString]) {
    var result: (before: [ByteString], after: [ByteString]) = ([], [])
    switch try processor.type() {
    case "ByteLevel": break
    case "Sequence":
      for part in try processor.list("processors") {
        let (before, after) = try template(processor: part)
        result = (result.before + before, result.after + after)
      }
    case "TemplateProcessing":
      var followsText = false
      for element in try processor.list("single") {
        if element.object.contains("Sequence") { followsText = true }
        guard element.object.contains("SpecialToken") else { continue }
        let piece = try element.fields("SpecialToken").bytes("id")
        if followsText { result.after.append(piece) } else { result.before.append(piece) }
      }
    case let other: throw .unsupported("the post-processor '\(other)'")
    }
    return result
  }

  func id(of piece: ByteString) -> Int? { ids[piece] }
}

// MARK: - Encoding and decoding

extension HuggingFaceModel {
  func encode(_ text: [UInt8]) -> [Int] {
    var ids: [Int] = []
    for part in added.cutRaw(text) {
      switch part {
      case .piece(let id): ids.append(id)
      case .text(let text, let isFirst):
        let normalized = normalizer?.apply(to: text) ?? text
        for part in added.cutNormalized(normalized, isFirst: isFirst) {
          switch part {
          case .piece(let id): ids.append(id)
          case .text(let text, let isFirst): ids += encodeWords(text, isFirst: isFirst)
          }
        }
      }
    }
    return ids
  }

  private func encodeWords(_ text: [UInt8], isFirst: Bool) -> [Int] {
    let words = preTokenizer?.apply(to: [text], isFirst: isFirst) ?? [text]
    return words.flatMap(model.encode)
  }

  /// The text of pieces; special pieces and unknown identifiers are left out.
  func decode(_ ids: [Int]) -> [UInt8] {
    let tokens = ids.filter { pieces.indices.contains($0) && !specialIDs.contains($0) }
      .map { pieces[$0].utf8 }
    guard let decoder else { return Array(tokens.joined(separator: [0x20])) }
    return Array(decoder.apply(to: tokens).joined())
  }
}
