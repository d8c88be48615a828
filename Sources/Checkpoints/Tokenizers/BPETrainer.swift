/// Learns a small byte-pair vocabulary with byte fallback, in Llama's manner.
///
/// Identifiers: 0 `<unk>`, 1 `<s>`, 2 `</s>`, 3… the 256 bytes, then the characters of the text
/// (`▁`, which stands for a space, is one of them), then merges, the most frequent first. Merges
/// stay within words; a word begins with its `▁`. The same text gives the same tokenizer.
package struct BPETrainer {
  /// Special pieces and bytes.
  package static let reservedPieceCount = 259

  private struct Pair: Hashable {
    var left: Int
    var right: Int
  }

  private var pieces: [ByteString]
  private var ids: [ByteString: Int]
  private var words: [(symbols: [Int], count: Int)] = []
  private var counts: [Pair: Int] = [:]
  private var places: [Pair: Set<Int>] = [:]
  private var merges: [Pair] = []

  /// Trains a tokenizer.
  ///
  /// Its time grows with the number of merges times the number of different pairs: meant for
  /// some thousand pieces.
  ///
  /// - Parameters:
  ///   - sentences: The text; control characters such as line ends are left to the bytes.
  ///   - vocabularySize: How many pieces to make.
  /// - Throws: `CheckpointError.vocabularyTooSmall` or `.corpusTooSmall`.
  package static func train(sentences: [String], vocabularySize: Int) throws -> Tokenizer {
    var trainer = BPETrainer()
    let wordCounts = countWords(sentences)
    trainer.addCharacters(of: wordCounts)
    guard vocabularySize >= trainer.pieces.count else {
      throw CheckpointError.vocabularyTooSmall(
        size: vocabularySize, minimum: trainer.pieces.count)
    }
    trainer.addWords(wordCounts)
    while trainer.pieces.count < vocabularySize {
      guard let pair = trainer.mostFrequentPair() else {
        throw CheckpointError.corpusTooSmall(
          pieceCount: trainer.pieces.count, wanted: vocabularySize)
      }
      trainer.merge(pair)
    }
    return try Tokenizer(huggingFace: trainer.document.text, path: Tokenizer.huggingFaceName)
  }

  private init() {
    pieces = ["<unk>", "<s>", "</s>"] + (UInt8.min...UInt8.max).map(UTF8Text.bytePiece)
    ids = Dictionary(uniqueKeysWithValues: pieces.enumerated().map { ($0.element, $0.offset) })
  }

  /// The words of all sentences, each with its leading `▁`, by their bytes.
  private static func countWords(_ sentences: [String]) -> [(word: [UInt8], count: Int)] {
    var counts: [ByteString: Int] = [:]
    for sentence in sentences {
      var word: [UInt8] = []
      func close() {
        if !word.isEmpty { counts[ByteString(utf8: word), default: 0] += 1 }
        word = []
      }
      // A space before the sentence, as the tokenizer puts one there.
      for scalar in " \(sentence)".unicodeScalars {
        if scalar.properties.generalCategory == .control {
          close()
        } else if scalar == " " || scalar == "\u{2581}" {
          close()
          word = UTF8Text.space
        } else {
          word += Array(String(scalar).utf8)
        }
      }
      close()
    }
    return counts.sorted { $0.key < $1.key }.map { ($0.key.utf8, $0.value) }
  }

  /// Gives each character a piece, `▁` first, then the most frequent.
  private mutating func addCharacters(of words: [(word: [UInt8], count: Int)]) {
    var counts: [ByteString: Int] = [:]
    for (word, count) in words {
      for character in Self.characters(word) { counts[character, default: 0] += count }
    }
    counts[ByteString(utf8: UTF8Text.space)] = .max
    for (character, _) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      add(character)
    }
  }

  private static func characters(_ word: [UInt8]) -> [ByteString] {
    String(decoding: word, as: UTF8.self).unicodeScalars.map { ByteString(String($0)) }
  }

  private mutating func add(_ piece: ByteString) {
    ids[piece] = pieces.count
    pieces.append(piece)
  }

  private mutating func addWords(_ counted: [(word: [UInt8], count: Int)]) {
    words = counted.map { word, count in
      (Self.characters(word).compactMap { ids[$0] }, count)
    }
    for index in words.indices { count(pairsOf: index, sign: 1) }
  }

  private mutating func count(pairsOf index: Int, sign: Int) {
    let (symbols, count) = words[index]
    for (left, right) in zip(symbols, symbols.dropFirst()) {
      let pair = Pair(left: left, right: right)
      counts[pair, default: 0] += sign * count
      if sign > 0 { places[pair, default: []].insert(index) }
    }
  }

  /// The most frequent pair; of equals, the first by the bytes of its halves.
  private func mostFrequentPair() -> Pair? {
    var best: (pair: Pair, count: Int)?
    for (pair, count) in counts where count > 0 {
      guard let (known, knownCount) = best else {
        best = (pair, count)
        continue
      }
      if count > knownCount || count == knownCount && precedes(pair, known) {
        best = (pair, count)
      }
    }
    return best?.pair
  }

  private func precedes(_ a: Pair, _ b: Pair) -> Bool {
    a.left == b.left ? pieces[a.right] < pieces[b.right] : pieces[a.left] < pieces[b.left]
  }

  private mutating func merge(_ pair: Pair) {
    let piece = ByteString(utf8: pieces[pair.left].utf8 + pieces[pair.right].utf8)
    let known = ids[piece]
    // Text that looks like a special piece, such as "<s>", must not become one.
    if let known, known < Self.reservedPieceCount {
      counts[pair] = nil
      for index in places.removeValue(forKey: pair) ?? [] { forget(pair, in: index) }
      return
    }
    if known == nil { add(piece) }
    let id = known ?? pieces.count - 1
    merges.append(pair)
    for index in places.removeValue(forKey: pair) ?? [] {
      count(pairsOf: index, sign: -1)
      words[index].symbols = Self.join(pair, as: id, in: words[index].symbols)
      count(pairsOf: index, sign: 1)
    }
    counts[pair] = nil
  }

  /// Drops a word that would spell a special piece from the counts.
  private mutating func forget(_ pair: Pair, in index: Int) {
    count(pairsOf: index, sign: -1)
    words[index].symbols = []
  }

  private static func join(_ pair: Pair, as id: Int, in symbols: [Int]) -> [Int] {
    var result: [Int] = []
    var position = 0
    while position < symbols.count {
      if position + 1 < symbols.count, symbols[position] == pair.left,
        symbols[position + 1] == pair.right
      {
        result.append(id)
        position += 2
      } else {
        result.append(symbols[position])
        position += 1
      }
    }
    return result
  }
}

// MARK: - The file

extension BPETrainer {
  /// The tokenizer as Hugging Face's libraries write Llama's.
  private var document: JSONValue {
    [
      "version": "1.0",
      "truncation": .null,
      "padding": .null,
      "added_tokens": .array(pieces.prefix(3).enumerated().map(Self.specialPiece)),
      "normalizer": [
        "type": "Sequence",
        "normalizers": [
          ["type": "Prepend", "prepend": "▁"],
          ["type": "Replace", "pattern": ["String": " "], "content": "▁"],
        ],
      ],
      "pre_tokenizer": .null,
      "post_processor": Self.postProcessor,
      "decoder": [
        "type": "Sequence",
        "decoders": [
          ["type": "Replace", "pattern": ["String": "▁"], "content": " "],
          ["type": "ByteFallback"],
          ["type": "Fuse"],
          ["type": "Strip", "content": " ", "start": 1, "stop": 0],
        ],
      ],
      "model": model,
    ]
  }

  private var model: JSONValue {
    var vocabulary = JSONObject()
    for (id, piece) in pieces.enumerated() { _ = vocabulary.append(piece, .integer(id)) }
    return [
      "type": "BPE",
      "dropout": .null,
      "unk_token": "<unk>",
      "continuing_subword_prefix": .null,
      "end_of_word_suffix": .null,
      "fuse_unk": true,
      "byte_fallback": true,
      "ignore_merges": false,
      "vocab": .object(vocabulary),
      "merges": .array(
        merges.map { .array([.string(pieces[$0.left]), .string(pieces[$0.right])]) }),
    ]
  }

  private static func specialPiece(_ id: Int, _ content: ByteString) -> JSONValue {
    [
      "id": .integer(id), "content": .string(content), "single_word": false, "lstrip": false,
      "rstrip": false, "normalized": false, "special": true,
    ]
  }

  private static var postProcessor: JSONValue {
    [
      "type": "TemplateProcessing",
      "single": [
        ["SpecialToken": ["id": "<s>", "type_id": 0]], ["Sequence": ["id": "A", "type_id": 0]],
      ],
      "pair": [
        ["SpecialToken": ["id": "<s>", "type_id": 0]], ["Sequence": ["id": "A", "type_id": 0]],
        ["SpecialToken": ["id": "<s>", "type_id": 1]], ["Sequence": ["id": "B", "type_id": 1]],
      ],
      "special_tokens": ["<s>": ["id": "<s>", "ids": [1], "tokens": ["<s>"]]],
    ]
  }
}
