import ArgumentParser
import Checkpoints
import Foundation

struct CheckpointTokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize", abstract: "Show the tokens of a text.",
    discussion: """
      Prints one token a line: its number and its piece. With '--texts', a JSON list of numbers \
      for each text.
      """)

  @Argument(help: "The checkpoint folder, with tokenizer.model or tokenizer.json.")
  var checkpoint: String

  @Option(help: "The text, as it is.")
  var text: String?

  @Option(help: "A JSON file with a list of texts, instead of one text.")
  var texts: String?

  @Flag(help: "Leave out the piece that begins a sequence.")
  var noBeginning = false

  @Flag(help: "Print JSON.")
  var json = false

  private struct Output: Encodable {
    var ids: [Int]
    var pieces: [String]
    var text: String
  }

  func validate() throws {
    guard (text == nil) != (texts == nil) else {
      throw ValidationError("One of '--text' and '--texts' must be given, and not both.")
    }
    guard texts == nil || !json else {
      throw ValidationError("'--texts' prints JSON by itself; leave out '--json'.")
    }
  }

  func run() throws {
    let tokenizer = try Tokenizer.load(from: URL(fileURLWithPath: checkpoint))
    if let text { try show(text, tokenizer) }
    if let texts {
      let list = try JSONFile.decode([String].self, from: URL(fileURLWithPath: texts))
      for text in list { print(try tokenizer.encode(text, addBeginning: !noBeginning)) }
    }
  }

  private func show(_ text: String, _ tokenizer: Tokenizer) throws {
    let ids = try tokenizer.encode(text, addBeginning: !noBeginning)
    let pieces = ids.map { tokenizer.piece($0) ?? "" }
    guard json else {
      for (id, piece) in zip(ids, pieces) { print("\(id)\t\(piece)") }
      return
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let output = Output(ids: ids, pieces: pieces, text: tokenizer.decode(ids))
    print(String(decoding: try encoder.encode(output), as: UTF8.self))
  }
}
