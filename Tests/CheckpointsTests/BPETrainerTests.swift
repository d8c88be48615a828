import Checkpoints
import Failures
import Foundation
import Testing

@Suite struct BPETrainerTests {
  private func corpus() throws -> [String] {
    try JSONFile.decode([String].self, from: fixture("Tokenizers/corpus.json"))
  }

  @Test("training gives the recorded tokenizer, byte for byte")
  func recorded() throws {
    let tokenizer = try BPETrainer.train(sentences: corpus(), vocabularySize: 512)
    #expect(tokenizer.vocabularySize == 512)
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("tokenizer.json")
      try tokenizer.writeHuggingFaceJSON(to: url)
      if let path = ProcessInfo.processInfo.environment["MOLE_RECORD_TOKENIZER"] {
        // Then `Scripts/fixtures/tokenizer_files.py trained` makes it the fixture.
        try Data(contentsOf: url).write(to: URL(fileURLWithPath: path))
        Issue.record("recorded, not compared")
      } else {
        #expect(
          try Data(contentsOf: url) == Data(contentsOf: fixture("Tokenizers/trained.json")))
      }
    }
  }

  @Test("special pieces come first, then bytes, then '▁' and the other characters")
  func layout() throws {
    let tokenizer = try BPETrainer.train(sentences: ["ab ab abc", "b\nc"], vocabularySize: 267)
    let first = (0..<4).map { tokenizer.piece($0) ?? "" }
    #expect(first == ["<unk>", "<s>", "</s>", "<0x00>"])
    #expect(tokenizer.piece(258) == "<0xFF>")
    let rest = (259..<267).map { tokenizer.piece($0) ?? "" }
    // b appears 4 times, a 3, c 2; (a, b) and (▁, a) 3 times each, and "a" is before "▁".
    #expect(rest == ["▁", "b", "a", "c", "ab", "▁ab", "▁b", "▁abc"])
  }

  @Test("the order of sentences does not matter")
  func order() throws {
    let sentences = try corpus()
    let a = try BPETrainer.train(sentences: sentences, vocabularySize: 450)
    let b = try BPETrainer.train(sentences: sentences.reversed(), vocabularySize: 450)
    for id in 0..<450 { #expect(a.piece(id) == b.piece(id)) }
  }

  @Test("text that looks like a special piece does not become one")
  func specialText() throws {
    let sentences = [String](repeating: "<s> </s> <unk> <0x41> hello hello", count: 20)
    let tokenizer = try BPETrainer.train(sentences: sentences, vocabularySize: 280)
    let pieces = (0..<280).compactMap(tokenizer.piece)
    #expect(Set(pieces).count == 280)
    expectSame(
      tokenizer.decode(try tokenizer.encode("hello <0x41>", addBeginning: false)),
      "hello <0x41>", "literal")
  }

  @Test("a vocabulary that the text cannot fill, or that cannot hold its characters, is refused")
  func impossibleSizes() {
    let small = failure(.usage) {
      _ = try BPETrainer.train(sentences: ["abc"], vocabularySize: 260)
    }
    #expect(small.contains("at least 263"))
    let large = failure(.usage) {
      _ = try BPETrainer.train(sentences: ["abc"], vocabularySize: 400)
    }
    #expect(large.contains("266"))
  }
}
