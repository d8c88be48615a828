internal import Manipulation
internal import Outcomes

/// Collects the episodes of one policy, method and wording.
struct RowTally {
  let label: PolicyLabel
  let method: MethodDescription
  let wording: RunWording
  let settings: PolicySettings
  private(set) var plannedEpisodes: Int
  private(set) var episodes: [EpisodeKey: EpisodeRecord] = [:]
  private var all: GroupTally
  private var byTask: [String: GroupTally] = [:]
  private var masks: MaskCensus

  init(_ member: RolloutSet.Member, method: MethodDescription) {
    label = method.isScript ? .script : member.label
    self.method = method
    wording = member.wording
    settings = member.settings
    plannedEpisodes = 0
    all = GroupTally(layerCount: method.layerCount, confidence: RunSummary.confidence)
    masks = MaskCensus(layerCount: method.layerCount)
  }

  /// Expects the episodes of another run as well.
  mutating func expect(_ count: Int) {
    plannedEpisodes = max(plannedEpisodes, count)
  }

  /// Adds an episode, unless another run had it or it is of another network.
  mutating func add(_ outcome: EpisodeOutcome) {
    let key = EpisodeKey(outcome)
    guard episodes[key] == nil, let solved = outcome.successOnce,
      outcome.queries.allSatisfy({ $0.layers.layerCount == method.layerCount })
    else { return }
    episodes[key] = EpisodeRecord(
      isSolved: solved, instruction: outcome.instruction,
      firstMask: outcome.queries.first?.layers, queries: outcome.queries.count,
      macs: outcome.queries.reduce(0) { $0 + $1.compute.executed.languageModelSum })
    all.add(outcome)
    let empty = GroupTally(layerCount: method.layerCount, confidence: RunSummary.confidence)
    byTask[outcome.episode.task, default: empty].add(outcome)
    for query in outcome.queries { masks.add(query.layers, of: outcome.episode.task) }
  }

  var pooled: GroupSummary { all.summary(name: "pooled episodes") }

  /// Those of `tasks` that have episodes, in their order.
  func summaries(of tasks: [String]) -> [GroupSummary] {
    tasks.compactMap { byTask[$0]?.summary(name: $0) }
  }

  var health: RouterHealth? { masks.health }
  var choosesLayers: Bool { masks.isVaried }
}

/// What tells an episode from every other, in whatever run it is.
struct EpisodeKey: Hashable {
  let task: String
  private let variation: Int
  private let index: Int
  private let seed: UInt64

  init(_ outcome: EpisodeOutcome) {
    task = outcome.episode.task
    variation = outcome.episode.variation
    index = outcome.episode.index
    seed = outcome.seed
  }

  /// An order within a task.
  func precedes(_ other: EpisodeKey) -> Bool {
    (index, variation, seed) < (other.index, other.variation, other.seed)
  }
}

/// What is remembered of an episode.
struct EpisodeRecord {
  /// At some time.
  let isSolved: Bool
  let instruction: String
  /// Of the query before anything was done; absent where there was none.
  let firstMask: LayerMask?
  let queries: Int
  /// Of router and language layers, executed, all queries together.
  let macs: Double
}

extension MACCount {
  /// In floating point: a hostile journal's counts must not overflow.
  fileprivate var languageModelSum: Double {
    Double(self[.router]) + Double(self[.languageLayers])
  }
}
