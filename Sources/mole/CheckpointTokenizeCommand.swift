import ArgumentParser
import Checkpoints
import Foundation

struct CheckpointTokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize", abstract: "Show the tokens of a text.",
    discussion: "Prints one token a line: its number and its piece.")

  @Argument(help: "The checkpoint folder, with tokenizer.model or tokenizer.json.")
  var checkpoint: String

  @Option(help: "The text, as it is.")
  var text: String

  @Flag(help: "Leave out the piece that begins a sequence.")
  var noBeginning = false

  @Flag(help: "Print JSON.")
  var json = false

  private struct Output: Encodable {
    var ids: [Int]
    var pieces: [String]
    var text: String
  }

  func run() throws {
    let tokenizer = try Tokenizer.load(from: URL(fileURLWithPath: checkpoint))
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
