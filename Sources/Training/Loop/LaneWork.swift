internal import Manipulation
internal import Synchronization
internal import TensorMath
internal import VLAPolicy

/// The lanes: equal shares of each batch, side by side, each with a gradient of its own.
struct LaneWork {
  private let objective: any Objective
  private let source: any BatchSource
  private let recipe: Recipe
  /// One a lane; the first holds their sum in the end.
  private let gradients: [FloatStorage]

  init(_ recipe: Recipe, objective: any Objective, source: any BatchSource) {
    self.recipe = recipe
    self.objective = objective
    self.source = source
    gradients = (0..<recipe.lanes).map { _ in FloatStorage(count: objective.layout.count) }
  }

  /// What one update's batch says.
  struct Result {
    var loss: LossParts
    var gradient: FloatStorage
    /// The gradient's length.
    var norm: Double
  }

  /// The mean gradient over the batch of an update.
  ///
  /// - Throws: What the source throws; `TrainingError.notFinite`.
  func differentiate(_ state: TrainingState, update: Int) throws -> Result {
    for gradient in gradients { OptimizerKernels.clear(gradient) }
    var losses: [(LossParts, Double)] = []
    for microBatch in 0..<recipe.accumulate {
      let parts = try Lanes.map(recipe.lanes) { lane in
        try differentiate(state, update: update, microBatch: microBatch, lane: lane)
      }
      losses += parts.map { ($0, 1) }
    }
    let loss = LossParts.mean(losses)
    if let part = loss.notFinite { throw TrainingError.notFinite(what: part, update: update) }
    let scale = 1 / Float(recipe.lanes * recipe.accumulate)
    let norm = OptimizerKernels.sum(gradients, scale: scale).squareRoot()
    guard norm.isFinite else {
      throw TrainingError.notFinite(what: "the gradient", update: update)
    }
    return Result(loss: loss, gradient: gradients[0], norm: norm)
  }

  private func differentiate(
    _ state: TrainingState, update: Int, microBatch: Int, lane: Int
  ) throws -> LossParts {
    let count = recipe.batch / (recipe.lanes * recipe.accumulate)
    let samples = try source.batch(
      update: update, microBatch: microBatch, range: lane * count..<(lane + 1) * count)
    let seed = SeededGenerator.derive(
      recipe.seed, ["update", "\(update)", "\(microBatch)", "\(lane)"])
    return objective.differentiate(
      samples, at: state.parameters, teacher: state.teacher, seed: seed, update: update,
      into: gradients[lane])
  }
}

/// Work that is done on several threads, with results in order.
enum Lanes {
  /// - Throws: What the first part that fails throws.
  static func map<Value: Sendable>(
    _ count: Int, _ body: (Int) throws -> Value
  ) throws -> [Value] {
    let results = Mutex([Result<Value, any Error>?](repeating: nil, count: count))
    ComputeThreads.run(count) { part in
      let result = Result { try body(part) }
      results.withLock { $0[part] = result }
    }
    return try results.withLock { try $0.compactMap { try $0?.get() } }
  }
}
