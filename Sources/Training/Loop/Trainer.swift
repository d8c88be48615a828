internal import Foundation
package import TensorMath
package import VLAPolicy

/// What is told after each update.
package struct UpdateReport: Sendable {
  /// Updates that are done.
  package var updates: Int
  package var learningRate: Double
  package var loss: LossParts
  /// The length of the gradient before it was clipped.
  package var gradientNorm: Double
  /// Seconds that the update took.
  package var seconds: Double
}

/// Who listens to a training.
package protocol TrainingObserver {
  /// Whether the training should stop as soon as it can.
  var shouldStop: Bool { get }
  func updated(_ report: UpdateReport, of updates: Int)
  func validated(_ validation: Validation, after updates: Int)
}

/// Where a training's results go.
package protocol TrainingKeeper {
  mutating func record(_ report: UpdateReport) throws
  mutating func record(_ validation: Validation, after updates: Int) throws
  /// Keeps everything that the training needs to go on.
  mutating func keep(_ state: TrainingState) throws
  /// Keeps a checkpoint as the best so far.
  mutating func keepBest(_ parameters: FloatStorage) throws
  /// Keeps the checkpoint of the last update.
  mutating func keepLast(_ parameters: FloatStorage) throws
}

/// The training loop.
package struct Trainer {
  private let recipe: Recipe
  private let objective: any Objective
  private let material: TrainingMaterial
  private let lanes: LaneWork
  private let optimizer: AdamW

  /// - Throws: `TrainingError` where the material is too small for the recipe.
  package init(_ recipe: Recipe, objective: any Objective, material: TrainingMaterial) throws {
    let count = material.source.sampleCount
    guard count >= recipe.batch else {
      throw TrainingError.tooFewSamples(count: count, batch: recipe.batch)
    }
    let rule = recipe.validation.best
    let isMeasured =
      switch rule {
      case .lowestActionError: material.meter != nil
      case .lowestLoss: !material.validation.isEmpty
      case .last: true
      }
    guard isMeasured else { throw TrainingError.notMeasured(rule: rule.rawValue) }
    self.recipe = recipe
    self.objective = objective
    self.material = material
    lanes = LaneWork(recipe, objective: objective, source: material.source)
    optimizer = AdamW(recipe.optimizer, updates: recipe.updates, layout: objective.layout)
  }

  /// The state before the first update.
  package func start(from parameters: [Float]) throws -> TrainingState {
    guard parameters.count == objective.layout.count else {
      throw TrainingError.wrongStart(count: parameters.count, expected: objective.layout.count)
    }
    return TrainingState(
      start: parameters, keepsMean: recipe.ema != nil, keepsTeacher: recipe.hasTeacher)
  }

  /// Trains to the end, or until the observer asks to stop.
  ///
  /// - Returns: Whether the training is complete.
  package func run(
    _ state: inout TrainingState, keeper: inout some TrainingKeeper,
    observer: some TrainingObserver
  ) throws -> Bool {
    while state.progress.updates < recipe.updates {
      guard !observer.shouldStop else {
        try keeper.keep(state)
        return false
      }
      let report = try update(&state)
      try keeper.record(report)
      observer.updated(report, of: recipe.updates)
      try lookAround(&state, keeper: &keeper, observer: observer)
    }
    return true
  }

  /// One update.
  package func update(_ state: inout TrainingState) throws -> UpdateReport {
    let begin = ContinuousClock.now
    let update = state.progress.updates
    let result = try lanes.differentiate(state, update: update)
    optimizer.step(
      state.parameters, moments: state.moments, gradient: result.gradient, norm: result.norm,
      update: update)
    if let mean = state.mean, let ema = recipe.ema {
      let share = Float(1 - Trainer.keptShare(of: ema, update: update))
      OptimizerKernels.blend(mean, towards: state.parameters, share: share)
    }
    if let teacher = state.teacher {
      OptimizerKernels.blend(
        teacher, towards: state.parameters, share: Float(1 - recipe.teacherEMA))
    }
    state.progress.updates += 1
    return UpdateReport(
      updates: state.progress.updates, learningRate: optimizer.learningRate(update: update),
      loss: result.loss, gradientNorm: result.norm,
      seconds: begin.duration(to: .now) / .seconds(1))
  }

  /// How much of the running mean an update keeps. At first the mean follows closely, because where
  /// it started means nothing.
  package static func keptShare(of ema: Double, update: Int) -> Double {
    min(ema, Double(1 + update) / Double(10 + update))
  }

  /// Validates and saves where the recipe says so; both after the last update.
  private func lookAround(
    _ state: inout TrainingState, keeper: inout some TrainingKeeper,
    observer: some TrainingObserver
  ) throws {
    let updates = state.progress.updates
    let isLast = updates == recipe.updates
    if updates % recipe.validation.every == 0 || isLast {
      try validate(&state, keeper: &keeper, observer: observer)
    }
    if isLast { try keepLast(state, keeper: &keeper) }
    if updates % recipe.checkpointEvery == 0 || isLast { try keeper.keep(state) }
  }

  /// Keeps the last checkpoint, where it is not the best already.
  private func keepLast(_ state: TrainingState, keeper: inout some TrainingKeeper) throws {
    if recipe.validation.best == .last {
      try keeper.keepBest(state.judged)
    } else if state.progress.best?.updates != recipe.updates {
      try keeper.keepLast(state.judged)
    }
  }

  private func validate(
    _ state: inout TrainingState, keeper: inout some TrainingKeeper,
    observer: some TrainingObserver
  ) throws {
    let updates = state.progress.updates
    let validation = try Validation(
      of: state, material: material, objective: objective, seed: recipe.seed,
      part: max(1, recipe.batch / recipe.lanes))
    try keeper.record(validation, after: updates)
    observer.validated(validation, after: updates)
    guard let value = validation.value(recipe.validation.best) else { return }
    guard value.isFinite else {
      throw TrainingError.notFinite(what: "the validation's error", update: updates - 1)
    }
    // Of equals the later one, which has learnt more.
    if value <= state.progress.best?.value ?? .infinity {
      state.progress.best = TrainingProgress.Best(updates: updates, value: value)
      try keeper.keepBest(state.judged)
    }
  }
}
