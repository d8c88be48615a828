internal import Manipulation
internal import Outcomes

/// The keys and words of a journal's lines.
private enum Names {
  static let outcome = NameTable<EpisodeOutcome.CodingKeys>()
  static let episode = NameTable<EpisodeIdentity.CodingKeys>()
  static let query = NameTable<QueryOutcome.CodingKeys>()
  static let timing = NameTable<QueryTiming.CodingKeys>()
  static let digests = NameTable<QueryDigests.CodingKeys>()
  static let openLoop = NameTable<OpenLoopOutcome.CodingKeys>()
  static let compute = NameTable<ComputeCount.CodingKeys>()
  static let parts = NameTable<PolicyPart>()
  static let modes = NameTable<EvaluationMode>()
  static let failures = NameTable<OutcomeFailure>()
}

/// The value that a line must have.
private func required<Value>(_ value: Value?) throws -> Value {
  guard let value else { throw UnusualJSON() }
  return value
}

extension JSONCursor {
  /// A line of a journal.
  mutating func outcome() throws -> EpisodeOutcome {
    var (mode, method, episode) = (EvaluationMode?.none, String?.none, EpisodeIdentity?.none)
    var (instruction, seed) = (String?.none, UInt64?.none)
    var queries: [QueryOutcome]?
    // Has nothing of its own but what a line may leave out.
    var outcome = EpisodeOutcome(
      replayed: EpisodeIdentity(suite: "", task: "", variation: 0, name: "", index: 0),
      method: "", instruction: "", seed: 0, queries: [])
    try object(Names.outcome) { cursor, key in
      switch key {
      case .mode: mode = try cursor.value(of: Names.modes)
      case .method: method = try cursor.text()
      case .episode: episode = try cursor.episode()
      case .instruction: instruction = try cursor.text()
      case .seed: seed = try cursor.unsigned()
      case .queries: queries = try cursor.array(expecting: 8) { try $0.query() }
      case .keyframeMatchRate:
        outcome.keyframeMatchRate = try cursor.optional { try $0.number(Double.self) }
      case .successOnce: outcome.successOnce = try cursor.optional { try $0.bool() }
      case .successAtEnd: outcome.successAtEnd = try cursor.optional { try $0.bool() }
      case .failure: outcome.failure = try cursor.failure()
      case .actions: outcome.actions = try cursor.optional { try $0.integer() }
      case .simulatedSeconds:
        outcome.simulatedSeconds = try cursor.optional { try $0.number(Double.self) }
      case .openLoop: outcome.openLoop = try cursor.optional { try $0.openLoop() }
      }
    }
    outcome.mode = try required(mode)
    outcome.method = try required(method)
    outcome.episode = try required(episode)
    outcome.instruction = try required(instruction)
    outcome.seed = try required(seed)
    outcome.queries = try required(queries)
    return outcome
  }

  private mutating func episode() throws -> EpisodeIdentity {
    var (suite, task, name) = (String?.none, String?.none, String?.none)
    var (variation, index) = (Int?.none, Int?.none)
    try object(Names.episode) { cursor, key in
      switch key {
      case .suite: suite = try cursor.text()
      case .task: task = try cursor.text()
      case .variation: variation = try cursor.integer()
      case .name: name = try cursor.text()
      case .index: index = try cursor.integer()
      }
    }
    return EpisodeIdentity(
      suite: try required(suite), task: try required(task), variation: try required(variation),
      name: try required(name), index: try required(index))
  }

  private mutating func openLoop() throws -> OpenLoopOutcome {
    var (once, atEnd, actions) = (Bool?.none, Bool?.none, Int?.none)
    var failure: OutcomeFailure?
    try object(Names.openLoop) { cursor, key in
      switch key {
      case .successOnce: once = try cursor.bool()
      case .successAtEnd: atEnd = try cursor.bool()
      case .failure: failure = try cursor.failure()
      case .actions: actions = try cursor.integer()
      }
    }
    return OpenLoopOutcome(
      successOnce: try required(once), successAtEnd: try required(atEnd), failure: failure,
      actions: try required(actions))
  }

  private mutating func failure() throws -> OutcomeFailure? {
    try optional { try $0.value(of: Names.failures) }
  }
}

// MARK: - Queries

extension JSONCursor {
  private mutating func query() throws -> QueryOutcome {
    var (step, action) = (Int?.none, [Float?]?.none)
    var (layers, compute) = ([Float]?.none, ComputeCount?.none)
    var query = QueryOutcome(
      step: 0, predictedAction: [], layers: LayerMask(shares: []),
      compute: ComputeCount(nominal: MACCount(), executed: MACCount()))
    try object(Names.query) { cursor, key in
      switch key {
      case .frameIndex: query.frameIndex = try cursor.optional { try $0.integer() }
      case .step: step = try cursor.integer()
      case .gripperOpen: query.gripperOpen = try cursor.optional { try $0.bool() }
      case .predictedAction: action = try cursor.numbers()
      case .demonstratedAction:
        query.demonstratedAction = try cursor.optional { try $0.numbers() }
      case .positionError:
        query.positionError = try cursor.optional { try $0.number(Double.self) }
      case .rotationError:
        query.rotationError = try cursor.optional { try $0.number(Double.self) }
      case .gripperAgreement: query.gripperAgreement = try cursor.optional { try $0.bool() }
      case .keyframeMatch: query.keyframeMatch = try cursor.optional { try $0.bool() }
      case .failure: query.failure = try cursor.failure()
      case .layers: layers = try cursor.array(expecting: 32) { try $0.number(Float.self) }
      case .exitDifferences: query.exitDifferences = try cursor.optional { try $0.numbers() }
      case .experts:
        query.experts = try cursor.optional {
          try $0.array(expecting: 32) { try $0.array(expecting: 8) { try $0.integer() } }
        }
      case .compute: compute = try cursor.compute()
      case .timing: query.timing = try cursor.optional { try $0.timing() }
      case .digests: query.digests = try cursor.optional { try $0.digests() }
      }
    }
    query.step = try required(step)
    query.predictedAction = try required(action)
    query.layers = LayerMask(shares: try required(layers))
    query.compute = try required(compute)
    return query
  }

  /// `null` stands for one that is not finite.
  private mutating func numbers() throws -> [Float?] {
    try array(expecting: 7) { try $0.optional { try $0.number(Float.self) } }
  }

  private mutating func compute() throws -> ComputeCount {
    var (nominal, executed) = (MACCount?.none, MACCount?.none)
    try object(Names.compute) { cursor, key in
      switch key {
      case .nominal: nominal = try cursor.macs()
      case .executed: executed = try cursor.macs()
      }
    }
    return ComputeCount(nominal: try required(nominal), executed: try required(executed))
  }

  private mutating func macs() throws -> MACCount {
    var count = MACCount()
    try object(Names.parts, skipping: false) { cursor, part in
      count[part] = try cursor.integer()
    }
    return count
  }

  private mutating func timing() throws -> QueryTiming {
    var (seconds, total) = ([PolicyPart: Double]?.none, Double?.none)
    var batch: Int?
    try object(Names.timing) { cursor, key in
      switch key {
      case .seconds: seconds = try cursor.seconds()
      case .totalSeconds: total = try cursor.number(Double.self)
      case .batch: batch = try cursor.optional { try $0.integer() }
      }
    }
    return QueryTiming(
      seconds: try required(seconds), totalSeconds: try required(total), batch: batch)
  }

  private mutating func digests() throws -> QueryDigests {
    var (pictures, state, answer) = (String?.none, String?.none, String?.none)
    try object(Names.digests) { cursor, key in
      switch key {
      case .pictures: pictures = try cursor.optional { try $0.text() }
      case .state: state = try cursor.text()
      case .answer: answer = try cursor.text()
      }
    }
    return QueryDigests(
      pictures: pictures, state: try required(state), answer: try required(answer))
  }

  private mutating func seconds() throws -> [PolicyPart: Double] {
    var seconds = [PolicyPart: Double](minimumCapacity: PolicyPart.allCases.count)
    try object(Names.parts, skipping: false) { cursor, part in
      seconds[part] = try cursor.number(Double.self)
    }
    return seconds
  }
}
