package import Checkpoints

/// OpenVLA's and CogACT's prompt.
package enum Prompt {
  /// Llama-2's context less the picture, rounded down; attention takes the square of it.
  package static let lengthLimit = 1024

  /// The text around an instruction.
  package static func text(instruction: String) -> String {
    "In: What action should the robot take to \(instruction.lowercased())?\nOut:"
  }

  /// The ids of the prompt, beginning of sequence first.
  ///
  /// CogACT appends every suffix id ("▁" and the end of sequence, whose state becomes the
  /// cognition feature); OpenVLA appends "▁" unless the text already ends in it.
  ///
  /// - Throws: `PolicyError.vocabularyTooSmall` when the model has no embedding for an id.
  package static func ids(
    instruction: String, tokenizer: Tokenizer, configuration: Configuration
  ) throws -> [Int] {
    var ids = try tokenizer.encode(text(instruction: instruction), addBeginning: true)
    let suffix = configuration.prompt.suffixIds
    switch configuration.actionHead {
    case .diffusion: ids += suffix
    case .tokens: if let blank = suffix.first, ids.last != blank { ids.append(blank) }
    }
    try check(ids, vocabularySize: configuration.language.vocabularySize)
    return ids
  }

  /// Checks that there are tokens, not too many, and that the model knows each of them.
  static func check(_ ids: [Int], vocabularySize size: Int) throws {
    if let stranger = ids.first(where: { !(0..<size).contains($0) }) {
      throw PolicyError.vocabularyTooSmall(id: stranger, vocabularySize: size)
    }
    guard !ids.isEmpty, ids.count <= lengthLimit else {
      throw PolicyError.badPrompt(tokenCount: ids.count, limit: lengthLimit)
    }
  }
}
