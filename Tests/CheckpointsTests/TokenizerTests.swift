import Checkpoints
import Failures
import Foundation
import Testing

/// What the Python libraries make of the same tokenizer and texts.
struct ExpectedTokens: Decodable {
  struct Encoded: Decodable {
    var text: String
    var ids: [Int]
    var decoded: String
  }

  struct Decoded: Decodable {
    var ids: [Int]
    var text: String
  }

  var encoded: [Encoded]
  var decoded: [Decoded]
  var size: Int

  static func of(_ name: String) throws -> ExpectedTokens {
    try JSONFile.decode(ExpectedTokens.self, from: fixture("Tokenizers/\(name).expected.json"))
  }
}

/// Bytes, because `==` on strings takes canonically equivalent ones for equal.
func expectSame(
  _ a: String, _ b: String, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(
    Array(a.utf8) == Array(b.utf8), "\(what): '\(a)' and '\(b)'", sourceLocation: sourceLocation)
}

@Suite struct TokenizerTests {
  static let sentencePiece = [
    "bpe-llama", "bpe-unused", "bpe-user-defined", "unigram-nfkc", "unigram-bytes",
  ]
  static let huggingFace = [
    "llama", "llama-added", "llama-modern", "metaspace", "byte-level", "trained",
  ]
  static let files =
    sentencePiece.map { "\($0).model" } + huggingFace.map { "\($0).json" }

  private static func name(_ file: String) -> String { String(file.prefix { $0 != "." }) }

  @Test("texts get the identifiers that the Python library gives them", arguments: files)
  func encoding(file: String) throws {
    let tokenizer = try Tokenizer(file: fixture("Tokenizers/\(file)"))
    let expected = try ExpectedTokens.of(Self.name(file))
    #expect(expected.encoded.count >= 60)
    #expect(tokenizer.vocabularySize == expected.size)
    for sample in expected.encoded {
      let ids = try tokenizer.encode(sample.text, addBeginning: false)
      #expect(ids == sample.ids, "\(sample.text.debugDescription)")
    }
  }

  @Test("identifiers decode to the text that the Python library gives", arguments: files)
  func decoding(file: String) throws {
    let tokenizer = try Tokenizer(file: fixture("Tokenizers/\(file)"))
    let expected = try ExpectedTokens.of(Self.name(file))
    for sample in expected.encoded {
      expectSame(tokenizer.decode(sample.ids), sample.decoded, "\(sample.ids)")
    }
    for sample in expected.decoded {
      expectSame(tokenizer.decode(sample.ids), sample.text, "\(sample.ids)")
    }
  }

  @Test("the beginning, end and unknown pieces are known, and the beginning comes first")
  func specialPieces() throws {
    for file in ["bpe-llama.model", "llama.json", "trained.json"] {
      let tokenizer = try Tokenizer(file: fixture("Tokenizers/\(file)"))
      #expect(
        [tokenizer.unknownID, tokenizer.beginningID, tokenizer.endID] == [0, 1, 2], "\(file)")
      let ids = try tokenizer.encode("put", addBeginning: true)
      #expect(ids.first == 1)
      #expect(try Array(ids.dropFirst()) == tokenizer.encode("put", addBeginning: false))
      #expect(try tokenizer.encode("", addBeginning: true) == [1])
      #expect(tokenizer.id(of: "<0x0A>") == 13)
      #expect(tokenizer.piece(13) == "<0x0A>")
      #expect(tokenizer.piece(-1) == nil && tokenizer.piece(tokenizer.vocabularySize) == nil)
      #expect(tokenizer.id(of: "no such piece") == nil)
      let space = try #require(tokenizer.id(of: "▁"))
      #expect(tokenizer.piece(space) == "▁")
    }
    let plain = try Tokenizer(file: fixture("Tokenizers/byte-level.json"))
    #expect(plain.beginningID == nil && plain.unknownID == nil)
    #expect(plain.endID == plain.id(of: "<|endoftext|>"))
    #expect(
      try plain.encode("put", addBeginning: true) == plain.encode("put", addBeginning: false))
  }

  @Test("identifiers that nothing has are left out when decoding")
  func foreignIdentifiers() throws {
    for file in Self.files {
      let tokenizer = try Tokenizer(file: fixture("Tokenizers/\(file)"))
      #expect(tokenizer.decode([-1, .max, .min, tokenizer.vocabularySize]).isEmpty)
    }
  }

  @Test("the text of a prompt comes back from its identifiers")
  func roundTrip() throws {
    let text = "In: What action should the robot take to close the jar?\nOut:"
    // Without those that normalize the text, or decode bytes as they are written.
    let lossy = ["unigram-nfkc.model", "bpe-user-defined.model", "metaspace.json"]
    for file in Self.files where !lossy.contains(file) {
      let tokenizer = try Tokenizer(file: fixture("Tokenizers/\(file)"))
      expectSame(try tokenizer.decode(tokenizer.encode(text, addBeginning: true)), text, file)
    }
  }

  @Test("a text of a megabyte takes seconds, a longer one is refused", .timeLimit(.minutes(10)))
  func longText() throws {
    for file in ["bpe-llama.model", "llama.json", "unigram-bytes.model", "byte-level.json"] {
      let tokenizer = try Tokenizer(file: fixture("Tokenizers/\(file)"))
      let text = String(repeating: "lid red ", count: Tokenizer.textLimit / 8)
      let clock = ContinuousClock()
      let start = clock.now
      #expect(try tokenizer.encode(text, addBeginning: false).count > 100_000)
      #expect(clock.now - start < .seconds(20), "\(file)")
      failure(.usage) { _ = try tokenizer.encode(text + " ", addBeginning: false) }
    }
  }

  @Test("a folder's tokenizer is found by name, SentencePiece's first")
  func loading() throws {
    try withTemporaryFolder { folder in
      failure(.missingInput) { _ = try Tokenizer.load(from: folder) }
      failure(.missingInput) {
        _ = try Tokenizer.load(from: folder.appendingPathComponent("nowhere"))
      }
      let json = try Tokenizer(file: fixture("Tokenizers/llama.json"))
      try json.write(to: folder)
      #expect(try Tokenizer.load(from: folder).vocabularySize == json.vocabularySize)
      let model = try Tokenizer(file: fixture("Tokenizers/bpe-llama.model"))
      try model.write(to: folder)
      #expect(try Tokenizer.load(from: folder).fileName == "tokenizer.model")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(names == ["tokenizer.json", "tokenizer.model"])
    }
  }
}
