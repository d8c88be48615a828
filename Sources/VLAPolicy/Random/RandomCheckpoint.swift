package import Checkpoints
internal import Files
package import Foundation
package import Manipulation

/// Writes a checkpoint folder with random weights: something to measure and to train from.
package enum RandomCheckpoint {
  /// Writes config.json, safetensors, tokenizer.json and dataset_statistics.json.
  ///
  /// The folder gets its name when everything in it is complete.
  ///
  /// - Parameters:
  ///   - elementType: `float32`, `float16` or `bfloat16`.
  ///   - tokenizer: A tokenizer to take over; `nil` trains a small one.
  ///   - statistics: By data set; `nil` uses bounds of a table-top workspace.
  ///   - progress: Called with the tensors done and their number.
  /// - Throws: `CheckpointError`, also when the folder exists already.
  package static func write(
    _ preset: Preset, seed: UInt64, elementType: ElementType, tokenizer: Tokenizer? = nil,
    statistics: [String: DatasetStatistics]? = nil, to folder: URL,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws {
    let (configuration, tokenizer) = try parts(of: preset, tokenizer: tokenizer)
    try newFolder(folder) { partial in
      try JSONFile.write(
        configuration, to: partial.appending(path: VLANetwork.configurationName))
      try tokenizer.write(to: partial)
      try JSONFile.write(
        statistics ?? workspaceStatistics,
        to: partial.appending(path: VLANetwork.statisticsName))
      try writeWeights(
        configuration.parameters, seed: seed, elementType: elementType, to: partial,
        progress: progress)
    }
  }

  /// What a preset's checkpoint has beside its weights.
  ///
  /// - Parameter tokenizer: `nil` trains a small one.
  /// - Throws: `CheckpointError`, `PolicyError.badConfiguration`.
  package static func parts(
    of preset: Preset, tokenizer: Tokenizer? = nil
  ) throws -> (configuration: Configuration, tokenizer: Tokenizer) {
    let tokenizer =
      try tokenizer ?? smallTokenizer(vocabularySize: preset.tokenizerSize ?? 448)
    let configuration = preset.configuration(suffixIDs: suffixIDs(of: tokenizer))
    try configuration.validate(file: VLANetwork.configurationName)
    return (configuration, tokenizer)
  }

  private static func newFolder(_ folder: URL, _ body: (URL) throws -> Void) throws {
    do {
      try NewFolder.write(folder.path) { try body(URL(filePath: $0)) }
    } catch let fault as FileFault {
      throw CheckpointError(fault, path: folder.path)
    }
  }

  private static func writeWeights(
    _ parameters: [Parameter], seed: UInt64, elementType: ElementType, to folder: URL,
    progress: (Int, Int) -> Void
  ) throws {
    let writer = try CheckpointWriter(
      directory: folder,
      declarations: parameters.map {
        TensorDeclaration(name: $0.name, shape: $0.shape, elementType: elementType)
      })
    for (index, parameter) in parameters.enumerated() {
      try parameter.writeRandomValues(seed: seed, to: writer.place(of: parameter.name))
      progress(index + 1, parameters.count)
    }
    try writer.finish()
  }

  /// "▁" and the end of the sequence.
  private static func suffixIDs(of tokenizer: Tokenizer) -> [Int] {
    [tokenizer.id(of: "▁"), tokenizer.endID].compactMap(\.self)
  }

  static func smallTokenizer(vocabularySize: Int) throws -> Tokenizer {
    try BPETrainer.train(sentences: trainingSentences, vocabularySize: vocabularySize)
  }

  /// Prompts around things that a robot at a table is told to do.
  private static var trainingSentences: [String] {
    let objects = [
      "box", "laptop lid", "toilet seat", "rubbish", "bin", "dirt", "dustpan", "broom", "fridge",
      "phone", "base", "umbrella", "stand", "frame", "hanger", "clock", "wine bottle", "rack",
      "plant", "watering can", "drawer", "door", "cup", "block", "button", "lid", "table",
    ]
    let actions = [
      "close the", "open the", "shut the", "put down the", "put the rubbish into the",
      "sweep the dirt to the", "take the", "grasp the", "pick up the", "turn the", "lift the",
      "place the phone on the", "remove the", "pour water from the", "slide the", "push the",
    ]
    return actions.flatMap { action in
      objects.map { Prompt.text(instruction: "\(action) \($0)") }
    }
  }

  /// Bounds of a table-top workspace for the 7-D action: half a metre, any rotation.
  static var workspaceStatistics: [String: DatasetStatistics] {
    let high = [0.5, 0.5, 0.5, Double.pi, .pi / 2, .pi, 1]
    let low = high.map { -$0 }.dropLast() + [0]
    let middle = zip(low, high).map { ($0 + $1) / 2 }
    let spread = zip(low, high).map { ($1 - $0) / 12.0.squareRoot() }
    let action = DimensionStatistics(
      mean: middle, std: spread, max: high, min: Array(low), q01: Array(low), q99: high,
      mask: [Bool](repeating: true, count: 6) + [false])
    return [
      "workspace": DatasetStatistics(action: action, transitionCount: 0, trajectoryCount: 0)
    ]
  }
}

extension Parameter {
  /// Values of one piece; small enough for every core to hold one.
  private static let pieceLength = 1 << 16

  /// Writes values that depend on the seed and the tensor's name alone, on all cores: each piece of
  /// the sequence begins where the one before it will end.
  func writeRandomValues(seed: UInt64, to place: TensorPlace) throws {
    let pieces = Pieces.ranges(of: count, length: Self.pieceLength)
    try Pieces.forEach(pieces.count) { piece in
      let range = pieces[piece]
      try place.write(randomValues(seed: seed, range), at: range.lowerBound)
    }
  }

  func randomValues(seed: UInt64, _ range: Range<Int>) -> [Float] {
    switch start {
    case .constant(let value): return [Float](repeating: value, count: range.count)
    case .normal(let deviation):
      var generator = SeededGenerator(seed: SeededGenerator.derive(seed, [name]))
      generator.skip(2 * range.lowerBound)
      return range.map { _ in deviation * generator.gaussian() }
    }
  }
}
