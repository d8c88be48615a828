internal import Manipulation
internal import NeuralLayers
internal import Synchronization
package import TensorMath

/// A policy's loss by one of the training methods.
package final class PolicyObjective: Objective {
  package let layout: ParameterLayout
  package let configuration: Configuration
  package let options: MethodOptions
  /// What the factors of products with weights are rounded to.
  package let precision: Precision
  let policy: LearnedPolicy
  let auxiliary: AuxiliaryParameters
  private let pools = Mutex<[StoragePool]>([])

  /// - Throws: `PolicyError` for a policy that cannot be trained so.
  package init(
    _ configuration: Configuration, _ options: MethodOptions, precision: Precision = .float32
  ) throws {
    self.precision = precision
    self.configuration = configuration
    self.options = options
    let extra = AuxiliaryParameters.parameters(configuration, options)
    layout = ParameterLayout(configuration.parameters, extra: extra)
    policy = try LearnedPolicy(configuration, layout: layout)
    auxiliary = AuxiliaryParameters(configuration, options, layout: layout)
    try PolicyObjective.check(configuration, options)
  }

  package func differentiate(
    _ samples: [LearningSample], at parameters: FloatStorage, teacher: FloatStorage?,
    seed: UInt64, update: Int, into gradient: FloatStorage
  ) -> LossParts {
    differentiate(
      samples, at: parameters, teacher: teacher,
      draws: draws(for: samples, seed: seed, update: update), into: gradient)
  }

  /// As above, with everything random given.
  package func differentiate(
    _ samples: [LearningSample], at parameters: FloatStorage, teacher: FloatStorage?,
    draws: StepDraws, into gradient: FloatStorage
  ) -> LossParts {
    withPool { pool in
      let tape = Tape(parameters: parameters, gradients: gradient, pool: pool, precision: precision)
      var loss = loss(of: samples, teacher: teacher, draws: draws, on: tape)
      tape.backward()
      loss.multiplyAccumulates += tape.multiplyAccumulates
      return loss
    }
  }

  package func evaluate(
    _ samples: [LearningSample], at parameters: FloatStorage, teacher: FloatStorage?, seed: UInt64
  ) -> LossParts {
    withPool { pool in
      let tape = Tape(parameters: parameters, gradients: nil, pool: pool, precision: precision)
      let draws = draws(for: samples, seed: seed, update: 0).asAtEvaluation()
      return loss(of: samples, teacher: teacher, draws: draws, on: tape)
    }
  }

  private func draws(for samples: [LearningSample], seed: UInt64, update: Int) -> StepDraws {
    StepDraws(
      samples, options: options,
      shape: StepDraws.Shape(
        chunk: policy.head.configuration.chunk,
        diffusionSteps: policy.head.configuration.diffusionSteps, depth: policy.decoder.depth,
        exitCount: configuration.exits.count), seed: seed, update: update)
  }

  private func loss(
    of samples: [LearningSample], teacher: FloatStorage?, draws: StepDraws, on tape: Tape
  ) -> LossParts {
    var input = policy.languageInput(samples, on: tape)
    let book = book(tokenCount: input.tokens.rows, on: tape)
    input.experts.book = book
    var pass = LearningPass(objective: self, samples: samples, draws: draws, tape: tape)
    switch options.method {
    case .dense: pass.finish(policy.denseFeatures(input, on: tape), input)
    case .truncate:
      let count = options.layerCount(depth: policy.decoder.depth)
      pass.runFixed(input, kept: Array(repeating: Set(0..<count), count: samples.count))
    case .static:
      let kept = Set(configuration.staticOrder?.prefix(keptCount) ?? [])
      pass.runFixed(input, kept: Array(repeating: kept, count: samples.count))
    case .random:
      pass.runFixed(input, kept: draws.layerOrders.map { Set($0.prefix(keptCount)) })
    case .mod: pass.runMixtureOfDepths(input)
    case .earlyExit: pass.runExits(input)
    case .mole: pass.runMoLe(&input, teacher: teacher)
    }
    if let book { pass.add(book) }
    return pass.loss
  }

  /// Where routers of experts are booked; `nil` for a policy whose blocks are whole.
  private func book(tokenCount: Int, on tape: Tape) -> ExpertBook? {
    guard configuration.language.factorization != nil else { return nil }
    let layers =
      switch options.method {
      case .mole, .truncate, .static, .random: keptCount
      case .dense, .mod, .earlyExit: policy.decoder.depth
      }
    return ExpertBook(
      options.experts, tokenCount: tokenCount, layersPerToken: layers, tape: tape)
  }

  var keptCount: Int { options.layerCount(depth: policy.decoder.depth) }

  private func withPool<Result>(_ body: (StoragePool) -> Result) -> Result {
    let pool = pools.withLock { $0.popLast() } ?? StoragePool()
    defer { pools.withLock { $0.append(pool) } }
    return body(pool)
  }

  private static func check(_ configuration: Configuration, _ options: MethodOptions) throws {
    func missing(_ part: String) -> PolicyError {
      .missingPart(method: options.method.rawValue, part: part)
    }
    switch options.method {
    case .mole: if configuration.router == nil { throw missing("router") }
    case .mod: if configuration.mixtureOfDepths == nil { throw missing("mixture_of_depths") }
    case .earlyExit: if configuration.earlyExit == nil { throw missing("early_exit") }
    case .static: if configuration.staticOrder == nil { throw missing("static_order") }
    case .dense, .truncate, .random: break
    }
  }
}

extension Configuration {
  /// The number of layers below each exit; none without exits.
  var exits: [Int] {
    earlyExit.map { ExitRule.exits(every: $0.interval, depth: language.depth) } ?? []
  }
}
