internal import Checkpoints
internal import Foundation
internal import Manipulation
internal import NeuralLayers
internal import TensorMath

/// One layer's feed-forward block on its way into experts.
struct LayerFactorization {
  let dense: FeedForwardKeys
  let cut: FeedForwardKeys
  /// The number of the layer.
  let index: Int
  let options: FactorizedCheckpoint.Options

  private static let routerSpread: Float = 0.02

  func write(_ archive: TensorArchive, to writer: CheckpointWriter) throws {
    let block = try DenseBlock(dense.experts[0], archive)
    let split = try split(of: block)
    for (expert, keys) in cut.experts.enumerated() {
      let parts = [
        (keys.gate, split.rows(of: block.gate, expert: expert)),
        (keys.up, split.rows(of: block.up, expert: expert)),
        (keys.down, split.columns(of: block.down, expert: expert)),
      ]
      for (key, part) in parts {
        try writer.add(key.weightName, shape: part.shape, part.elements)
      }
    }
    try writer.add(
      cut.permutationName, shape: [split.permutation.count], integers: split.permutation)
    try writeRouter(to: writer)
  }

  private var generator: SeededGenerator {
    SeededGenerator(seed: SeededGenerator.derive(options.seed, ["factorize", "\(index)"]))
  }

  private func split(of block: DenseBlock) throws -> ExpertSplit {
    var generator = generator
    let (neurons, experts) = (block.gate.rows, options.experts)
    let split =
      switch options.split {
      case .contiguous: ExpertSplit.contiguous(neurons, expertCount: experts)
      case .random: ExpertSplit.random(neurons, expertCount: experts, using: &generator)
      case .clustered:
        ExpertSplit(
          permutation: NeuronClustering(block, count: experts, using: &generator).permutation,
          expertCount: experts)
      }
    guard let split else { preconditionFailure("\(experts) experts of \(neurons) neurons") }
    return split
  }

  private func writeRouter(to writer: CheckpointWriter) throws {
    guard let router = cut.router else { return }
    var generator = SeededGenerator(
      seed: SeededGenerator.derive(options.seed, ["expert router", "\(index)"]))
    let weights = (0..<router.outputWidth * router.inputWidth).map { _ in
      Self.routerSpread * generator.gaussian()
    }
    try writer.add(
      router.weightName, shape: [router.outputWidth, router.inputWidth], weights)
    try writer.add(
      router.biasName, shape: [router.outputWidth],
      [Float](repeating: 0, count: router.outputWidth))
  }
}

/// The three weights of a dense block.
struct DenseBlock {
  /// `[neurons, width]`.
  let gate: Matrix
  /// `[neurons, width]`.
  let up: Matrix
  /// `[width, neurons]`.
  let down: Matrix

  init(_ keys: FeedForwardKeys.Expert, _ archive: TensorArchive) throws {
    gate = try DenseBlock.read(keys.gate, archive)
    up = try DenseBlock.read(keys.up, archive)
    down = try DenseBlock.read(keys.down, archive)
  }

  static func read(_ key: LinearKey, _ archive: TensorArchive) throws -> Matrix {
    let shape = [key.outputWidth, key.inputWidth]
    return Matrix(
      rows: shape[0], columns: shape[1],
      elements: try archive.floats(key.weightName, shape: shape))
  }
}

extension LanguageCheckpoint {
  /// Puts the experts of a layer together again.
  func joinLayer(
    _ cut: FeedForwardKeys, into dense: FeedForwardKeys, to writer: CheckpointWriter
  ) throws {
    let order = try archive.integers(cut.permutationName)
    guard order.count == language.mlpWidth,
      let split = ExpertSplit(permutation: order, expertCount: cut.experts.count)
    else {
      throw PolicyError.badFactorization(
        folder: folder.path,
        problem: "has an order of neurons in '\(cut.permutationName)' that is none")
    }
    let whole = dense.experts[0]
    let blocks = try cut.experts.map { try DenseBlock($0, archive) }
    let joined = [
      (whole.gate, split.joiningRows(blocks.map(\.gate))),
      (whole.up, split.joiningRows(blocks.map(\.up))),
      (whole.down, split.joiningColumns(blocks.map(\.down))),
    ]
    for (key, weight) in joined {
      try writer.add(key.weightName, shape: weight.shape, weight.elements)
    }
  }
}
