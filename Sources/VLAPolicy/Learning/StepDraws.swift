internal import Foundation
internal import Manipulation
package import TensorMath

/// Everything random in one pass over a lane's samples.
package struct StepDraws: Sendable {
  /// Diffusion steps, `[sample * draws]`, the draws of a sample side by side.
  package var steps: [Int]
  /// Standard normal, `[sample * draws * chunk, 7]`.
  package var noise: Matrix
  /// Whether a draw is conditioned on nothing, `[sample * draws]`.
  package var isDropped: [Bool]
  /// Gumbel noise on the router's scores, `[sample, layer]`; zeros where layers are chosen as at
  /// evaluation.
  package var gumbel: Matrix
  /// The exit of each draw, `[sample * draws]`, as an index.
  package var exits: [Int]
  /// A random order of the layers for each sample, `[sample][layer]`.
  package var layerOrders: [[Int]]

  package init(
    steps: [Int], noise: Matrix, isDropped: [Bool], gumbel: Matrix, exits: [Int],
    layerOrders: [[Int]]
  ) {
    self.steps = steps
    self.noise = noise
    self.isDropped = isDropped
    self.gumbel = gumbel
    self.exits = exits
    self.layerOrders = layerOrders
  }
}

extension StepDraws {
  /// What is drawn about the policy, whoever the samples are.
  package struct Shape: Sendable {
    package let chunk: Int
    package let diffusionSteps: Int
    package let depth: Int
    package let exitCount: Int

    package init(chunk: Int, diffusionSteps: Int, depth: Int, exitCount: Int) {
      self.chunk = chunk
      self.diffusionSteps = diffusionSteps
      self.depth = depth
      self.exitCount = exitCount
    }
  }

  /// Draws for an update.
  ///
  /// - Parameter update: Segments of an episode draw the same exit in one update.
  package init(
    _ samples: [LearningSample], options: MethodOptions, shape: Shape, seed: UInt64, update: Int
  ) {
    var generator = SeededGenerator(seed: SeededGenerator.derive(seed, ["draws"]))
    let draws = options.diffusion.draws
    let count = samples.count * draws
    steps = (0..<count).map { _ in Int.random(in: 0..<shape.diffusionSteps, using: &generator) }
    noise = Matrix(
      rows: count * shape.chunk, columns: ActionHead.actionWidth,
      elements: (0..<count * shape.chunk * ActionHead.actionWidth).map { _ in
        generator.gaussian()
      })
    isDropped = (0..<count).map { _ in generator.uniform() < options.diffusion.conditionDropout }
    let hasNoise = options.method == .mole && options.star.gumbel
    gumbel = Matrix(
      rows: samples.count, columns: shape.depth,
      elements: (0..<samples.count * shape.depth).map { _ in
        hasNoise ? generator.gumbel() : 0
      })
    exits = samples.flatMap { sample in
      let shared = sample.segmentExit(options.exits, shape.exitCount, update: update)
      let own = Int.random(in: 0..<max(1, shape.exitCount), using: &generator)
      return (0..<draws).map { draw in
        switch options.exits.sampling {
        case .uniform: own
        case .segments: shared
        case .both: draw.isMultiple(of: 2) ? own : shared
        }
      }
    }
    layerOrders = samples.map { _ in (0..<shape.depth).shuffled(using: &generator) }
  }

  /// The same draws without what only training adds: nothing is dropped, no Gumbel noise.
  package func asAtEvaluation() -> StepDraws {
    var result = self
    result.isDropped = isDropped.map { _ in false }
    result.gumbel = Matrix(rows: gumbel.rows, columns: gumbel.columns)
    return result
  }
}

extension LearningSample {
  /// The exit that all key frames of this one's segment share in this update.
  fileprivate func segmentExit(_ options: ExitOptions, _ exitCount: Int, update: Int) -> Int {
    let segment = step / max(1, options.segmentLength)
    let seed = SeededGenerator.derive(
      UInt64(update), ["exit", String(episode), String(segment)])
    var generator = SeededGenerator(seed: seed)
    return Int.random(in: 0..<max(1, exitCount), using: &generator)
  }
}

extension SeededGenerator {
  /// A number of the standard Gumbel distribution, −log(−log u).
  fileprivate mutating func gumbel() -> Float {
    let uniform = max(uniform(), 0x1p-53)
    return Float(-log(-log(uniform)))
  }
}
