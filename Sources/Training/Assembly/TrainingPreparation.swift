internal import Checkpoints
package import Foundation
internal import Manipulation
package import TensorMath
package import VLAPolicy

/// A recipe and demonstrations, made into something that can be trained.
package struct TrainingPreparation: Sendable {
  package let objective: PolicyObjective
  package let trainer: Trainer
  package let description: PolicyDescription
  /// Numbers that are trained, by part of the policy.
  package let parameterCounts: [String: Int]
  private let start: TrainingStart
  private let recipe: Recipe

  /// What the statistics of the demonstrations are called in a checkpoint that starts from nothing.
  package static let dataSet = "demonstrations"

  /// - Parameters:
  ///   - progress: Called while demonstrations are read.
  /// - Throws: `TrainingError`, `TrainingDataError`, `PolicyError`, `CheckpointError`.
  package init(
    _ recipe: Recipe, start: TrainingStart, demonstrations: [URL],
    progress: @escaping @Sendable (LoadingProgress) -> Void = { _ in }
  ) throws {
    self.recipe = recipe
    self.start = start
    let train = try DemonstrationSet(
      reading: demonstrations, mask: .train, for: start.configuration,
      limit: recipe.data.episodes, progress: progress)
    let statistics =
      try start.statistics ?? [TrainingPreparation.dataSet: train.statistics(recipe.data)]
    var description = PolicyDescription(
      configuration: start.configuration, tokenizer: start.tokenizer, statistics: statistics)
    description.permutations = try start.permutations()
    if recipe.method == .static, description.configuration.staticOrder == nil {
      description.configuration.staticOrder = try description.samples(train).staticOrder(
        of: start.network(seed: recipe.seed))
    }
    self.description = description
    objective = try PolicyObjective(
      description.configuration, recipe.options, precision: recipe.precision.precision)
    var material = try TrainingMaterial(
      source: SampleBatches(
        description.samples(train), batch: recipe.batch, microBatches: recipe.accumulate,
        balance: recipe.data.balance, augmentation: recipe.augmentation, seed: recipe.seed),
      validation: [])
    if recipe.validation.samples > 0 {
      let held = try DemonstrationSet(
        reading: demonstrations, mask: .valid, for: start.configuration,
        limit: recipe.data.episodes, progress: progress)
      try material.watch(
        description.samples(held), recipe: recipe, description: description,
        layout: objective.layout)
    }
    trainer = try Trainer(recipe, objective: objective, material: material)
    parameterCounts = objective.layout.counts
  }

  /// The state before the first update.
  package func initialState() throws -> TrainingState {
    try trainer.start(from: start.parameters(objective.layout, seed: recipe.seed))
  }
}

extension PolicyDescription {
  fileprivate func samples(_ set: DemonstrationSet) throws -> LearningSamples {
    guard statistics.count == 1, let known = statistics.values.first else {
      throw PolicyError.missingStatistics(
        key: nil, found: Array(statistics.keys), file: VLANetwork.statisticsName)
    }
    return try LearningSamples(
      set, configuration: configuration, tokenizer: tokenizer, statistics: known)
  }
}

extension TrainingMaterial {
  /// Holds samples against what is learnt.
  fileprivate mutating func watch(
    _ samples: LearningSamples, recipe: Recipe, description: PolicyDescription,
    layout: ParameterLayout
  ) throws {
    let indices = samples.selection(recipe.validation.samples)
    validation = indices.map { samples[$0] }
    guard !indices.isEmpty, let known = description.statistics.values.first else { return }
    meter = SampledActions(
      of: samples, indices, configuration: description.configuration, layout: layout,
      tokenizer: description.tokenizer, statistics: known,
      method: try recipe.evaluatedMethod(of: description.configuration.language),
      seed: recipe.seed)
  }
}

extension Recipe {
  /// What evaluation calls this method with what is kept; with early exits, whose thresholds are
  /// calibrated later, all layers run. Of experts, as many as the policy's configuration says.
  package func evaluatedMethod(of language: LanguageConfiguration) throws -> LayerMethod {
    let experts =
      language.factorization.map { "+factor:1R\($0.experts)E\($0.topK)K" } ?? ""
    switch method {
    case .dense, .earlyExit:
      return try LayerMethod("dense" + experts, keep: 1, depth: language.depth)
    case .mole, .truncate, .mod, .random, .static:
      let share = keep > 1 ? keep / Double(language.depth) : keep
      return try LayerMethod(method.rawValue + experts, keep: share, depth: language.depth)
    }
  }
}

extension ParameterLayout {
  /// How many numbers each part of the policy has.
  fileprivate var counts: [String: Int] {
    var counts: [String: Int] = [:]
    for parameter in parameters {
      counts[parameter.part.rawValue, default: 0] += parameter.count
    }
    counts["checkpoint"] = parameters.prefix(checkpointCount).reduce(0) { $0 + $1.count }
    counts["all"] = count
    return counts
  }
}

extension SampleBatches: BatchSource {}

extension SampledActions: ActionMeter {
  package func measure(_ parameters: FloatStorage) throws -> [ActionMeasure] {
    let errors = try errors(at: parameters)
    return [ActionMeasure(ActionMeasure.error, errors.shortfall)]
      + errors.measures.filter { $0.name != "shortfall" }.map { ActionMeasure($0.name, $0.value) }
  }
}
