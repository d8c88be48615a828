import Checkpoints
import Failures
import Foundation
import Testing

@Suite struct HostileTokenizersTests {
  private func open(_ data: Data, as name: String) throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent(name)
      try data.write(to: url)
      let tokenizer = try Tokenizer(file: url)
      let ids = try tokenizer.encode("Put <act> it é 🤖\n  12", addBeginning: true)
      _ = tokenizer.decode(ids + Array(0..<min(20, tokenizer.vocabularySize)))
    }
  }

  @Test(
    "a broken-off tokenizer is bad data or a smaller one, never a crash",
    arguments: ["bpe-user-defined.model", "unigram-nfkc.model", "llama.json", "byte-level.json"])
  func truncation(file: String) throws {
    let whole = try Data(contentsOf: fixture("Tokenizers/\(file)"))
    let step = max(1, whole.count / 400)
    let ends =
      Array(0..<60) + Array(stride(from: 60, to: whole.count, by: step))
      + Array(whole.count - 60..<whole.count)
    for end in ends {
      if file.hasSuffix("json") {
        failure(.badData) { try open(whole.prefix(end), as: "t.json") }
      } else {
        survives("\(end) bytes") { try open(whole.prefix(end), as: "t.model") }
      }
    }
  }

  @Test(
    "flipped bytes are bad data or another tokenizer, never a crash",
    arguments: [
      "bpe-user-defined.model", "unigram-nfkc.model", "unigram-bytes.model",
      "llama-added.json", "metaspace.json",
    ])
  func flippedBytes(file: String) throws {
    let whole = try Data(contentsOf: fixture("Tokenizers/\(file)"))
    var state: UInt64 = 1
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for round in 0..<300 {
      var data = whole
      for _ in 0...(round % 3) {
        // Half of them near the ends, where the switches are.
        let near = random(2) == 0
        let place = near ? min(random(400), data.count - 1) : random(data.count)
        data[near && random(2) == 0 ? data.count - 1 - place : place] = UInt8(random(256))
      }
      survives("round \(round)") {
        try open(data, as: file.hasSuffix("json") ? "t.json" : "t.model")
      }
    }
  }

  static let documents: [(what: String, text: String, said: String)] = [
    ("empty", "", "too early"),
    ("not an object", "[]", "an object"),
    ("no model", "{}", "'model' is not an object"),
    ("other model", #"{"model":{"type":"WordPiece","vocab":{"a":0}}}"#, "WordPiece"),
    ("empty vocabulary", #"{"model":{"type":"BPE","vocab":{},"merges":[]}}"#, "no pieces"),
    ("negative", #"{"model":{"type":"BPE","vocab":{"a":-1},"merges":[]}}"#, "out of range"),
    (
      "huge", #"{"model":{"type":"BPE","vocab":{"a":9223372036854775807},"merges":[]}}"#,
      "out of range"
    ),
    ("sparse", #"{"model":{"type":"BPE","vocab":{"a":3999999},"merges":[]}}"#, "more than"),
    ("twice", #"{"model":{"type":"BPE","vocab":{"a":1,"b":1},"merges":[]}}"#, "two pieces"),
    ("fraction", #"{"model":{"type":"BPE","vocab":{"a":1.5},"merges":[]}}"#, "out of range"),
    ("no merges", #"{"model":{"type":"BPE","vocab":{"a":1}}}"#, "model.merges"),
    (
      "merge of one", #"{"model":{"type":"BPE","vocab":{"a":1},"merges":["a"]}}"#,
      "model.merges.0"
    ),
    (
      "merge of three", #"{"model":{"type":"BPE","vocab":{"a":1},"merges":[["a","a","a"]]}}"#,
      "model.merges.0"
    ),
    (
      "merge to nowhere", #"{"model":{"type":"BPE","vocab":{"a":1},"merges":["a a"]}}"#, "'aa'"
    ),
    (
      "no unknown", #"{"model":{"type":"BPE","vocab":{"a":1},"merges":[],"unk_token":"u"}}"#,
      "unknown"
    ),
    (
      "dropout", #"{"model":{"type":"BPE","vocab":{"a":1},"merges":[],"dropout":0.1}}"#,
      "model.dropout"
    ),
    (
      "normalizer", #"{"normalizer":{"type":"Bert"},"model":{"vocab":{"a":1},"merges":[]}}"#,
      "normalizer 'Bert'"
    ),
    (
      "pre-tokenizer",
      #"{"pre_tokenizer":{"type":"Whitespace"},"model":{"vocab":{"a":1},"merges":[]}}"#,
      "pre-tokenizer 'Whitespace'"
    ),
    (
      "prefix of what may have been stripped",
      #"{"normalizer":{"type":"Sequence","normalizers":[{"type":"Strip"}]},"#
        + #""pre_tokenizer":{"type":"Metaspace","replacement":"_","prepend_scheme":"first"},"#
        + #""model":{"vocab":{"a":1},"merges":[]}}"#,
      "strips"
    ),
    (
      "regular expression",
      #"{"pre_tokenizer":{"type":"Split","pattern":{"Regex":"(a+)+$"},"behavior":"Isolated"},"#
        + #""model":{"vocab":{"a":1},"merges":[]}}"#,
      "GPT-2"
    ),
    (
      "added piece elsewhere",
      #"{"added_tokens":[{"id":7,"content":"a"}],"model":{"vocab":{"a":1},"merges":[]}}"#,
      "appears twice"
    ),
    (
      "added piece with a huge identifier",
      #"{"added_tokens":[{"id":99999999999,"content":"a"}],"model":{"vocab":{"b":1},"merges":[]}}"#,
      "out of range"
    ),
    (
      "replacements that double the text thirty times",
      #"{"normalizer":{"type":"Sequence","normalizers":["#
        + [String](
          repeating: #"{"type":"Replace","pattern":{"String":"a"},"content":"aa"}"#, count: 30
        ).joined(separator: ",") + #"]},"model":{"vocab":{"a":1},"merges":[]}}"#,
      "lengthen a text"
    ),
    (
      "a replacement of a megabyte",
      #"{"decoder":{"type":"Replace","pattern":{"String":"a"},"content":""#
        + String(repeating: "x", count: 1_000_000) + #""},"model":{"vocab":{"a":1},"merges":[]}}"#,
      "lengthen a text"
    ),
    ("deep", String(repeating: #"{"normalizer":"#, count: 50_000), "levels of nesting"),
  ]

  @Test("a wrong tokenizer.json is told in one sentence", arguments: documents)
  func wrongDocument(what: String, text: String, said: String) {
    let sentence = failure(.badData) { try open(Data(text.utf8), as: "tokenizer.json") }
    #expect(sentence.contains(said) && !sentence.contains("\n"), "\(what): \(sentence)")
  }

  /// One length-delimited field.
  private func field(_ number: UInt8, _ body: [UInt8]) -> [UInt8] {
    [number << 3 | 2, UInt8(body.count)] + body
  }

  private func piece(_ text: String, kind: UInt8? = nil, score: Float? = nil) -> [UInt8] {
    var body = field(1, Array(text.utf8))
    if let score { body += [2 << 3 | 5] + withUnsafeBytes(of: score.bitPattern) { Array($0) } }
    if let kind { body += [3 << 3, kind] }
    return field(1, body)
  }

  @Test("a wrong SentencePiece model is told in one sentence")
  func wrongModel() {
    let unknown = piece("<unk>", kind: 2)
    let bytePair = field(2, [3 << 3, 2])
    let models: [(bytes: [UInt8], said: String)] = [
      ([], "no pieces"),
      ([0xFF, 0xFF], "malformed"),
      ([10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], "malformed"),
      ([10, 0x80], "malformed"),
      ([0x00, 0x00], "malformed"),
      (piece("a"), "no piece for the unknown"),
      (unknown + piece("a") + piece("a"), "twice"),
      (unknown + piece(""), "empty"),
      (unknown + piece("a", score: .nan), "finite"),
      (unknown + piece("a", score: -.infinity), "finite"),
      (unknown + piece("a", kind: 9), "kind of piece"),
      (unknown + field(2, [3 << 3, 7]), "kind of model"),
      (unknown + field(2, [3 << 3, 3]), "whole words"),
      (unknown + field(2, [3 << 3, 4]), "single characters"),
      (unknown + bytePair + field(2, [24 << 3 & 0x7F | 0x80, 1, 1]), "suffixes"),
      (unknown + bytePair + field(2, [0x98, 2, 1]), "<0x00>"),
      (unknown + bytePair + field(3, field(2, [1, 2, 3, 4, 5])), "replacements"),
      (unknown + bytePair + field(3, field(2, [8, 0, 0, 0, 5])), "replacements"),
    ]
    for (bytes, said) in models {
      let sentence = failure(.badData) { try open(Data(bytes), as: "tokenizer.model") }
      #expect(sentence.contains(said) && !sentence.contains("\n"), "\(bytes): \(sentence)")
    }
  }
}
