internal import Manipulation

/// Two records of one episode, one of each side.
package struct EpisodePair: Equatable, Sendable {
  package let base: EpisodeRecord
  package let candidate: EpisodeRecord
}

/// The episodes of two methods, matched.
package struct EpisodePairing: Equatable, Sendable {
  /// Task by task in the base's order, episodes by their index.
  package private(set) var tasks: [TaskPairs] = []
  /// Episodes that should be the same and are not.
  package private(set) var faults: [PairingFault] = []
  package private(set) var missing: [MissingEpisode] = []
  /// Pairs whose starts differ in their last bits although they need not be the same in them.
  package private(set) var unlikeStarts = 0
  /// Whether the same seed must have given the same start, bit by bit: on one machine it does.
  private let startsMustAgree: Bool

  /// Matches by suite, task, variation, seed and instruction; what is left over by task and index,
  /// to say in what it differs.
  ///
  /// - Parameter startsMustAgree: Whether both sides ran on one kind of machine; on others the last
  ///   bits of a simulation and of its pictures may differ.
  init(
    base: [EpisodeRecord], candidate: [EpisodeRecord], tasks names: [String],
    startsMustAgree: Bool
  ) {
    self.startsMustAgree = startsMustAgree
    let bases = Dictionary(grouping: base) { $0.episode.task }
    let candidates = Dictionary(grouping: candidate) { $0.episode.task }
    for name in names {
      pair(task: name, bases[name] ?? [], candidates[name] ?? [])
    }
  }

  package var pairCount: Int { tasks.reduce(0) { $0 + $1.pairs.count } }

  private struct Key: Hashable {
    let suite: String
    let variation: Int
    let seed: UInt64
    let instruction: String

    init(_ record: EpisodeRecord) {
      suite = record.episode.suite
      variation = record.episode.variation
      seed = record.seed
      instruction = record.instruction
    }
  }

  private mutating func pair(
    task: String, _ base: [EpisodeRecord], _ candidate: [EpisodeRecord]
  ) {
    var pairs: [EpisodePair] = []
    let bases = unique(base, side: .base, task: task)
    var others = unique(candidate, side: .candidate, task: task)
    var left: [EpisodeRecord] = []
    for record in bases.values.sorted(by: { $0.episode.index < $1.episode.index }) {
      guard let other = others.removeValue(forKey: Key(record)) else {
        left.append(record)
        continue
      }
      let pair = EpisodePair(base: record, candidate: other)
      if accepts(pair) { pairs.append(pair) }
    }
    explain(left, Array(others.values), task: task)
    tasks.append(TaskPairs(name: task, pairs: pairs))
  }

  /// The records by their keys; those that cannot be told apart are faults.
  private mutating func unique(
    _ records: [EpisodeRecord], side: Side, task: String
  ) -> [Key: EpisodeRecord] {
    var found: [Key: EpisodeRecord] = [:]
    for record in records.sorted(by: { $0.episode.index < $1.episode.index }) {
      guard let other = found.updateValue(record, forKey: Key(record)) else { continue }
      found[Key(record)] = other
      let names = "'\(other.episode.name)' and '\(record.episode.name)' alike"
      faults.append(
        PairingFault(
          .repeated, task: task, episode: record.episode.name,
          base: side == .base ? names : "as it should be",
          candidate: side == .candidate ? names : "as it should be"))
    }
    return found
  }

  /// Whether two records of one key are of one episode in all that a key does not hold.
  private mutating func accepts(_ pair: EpisodePair) -> Bool {
    var found = EpisodePairing.differences(pair)
    if let one = pair.base.start, let other = pair.candidate.start, !one.agrees(with: other) {
      if startsMustAgree { found.append(EpisodePairing.fault(of: pair)) } else { unlikeStarts += 1 }
    }
    faults += found
    return found.isEmpty
  }

  /// Says of each left-over whether the other side has it in another shape, or not at all.
  private mutating func explain(
    _ base: [EpisodeRecord], _ candidate: [EpisodeRecord], task: String
  ) {
    var others = Dictionary(grouping: candidate) { $0.episode.index }
    for record in base.sorted(by: { $0.episode.index < $1.episode.index }) {
      if let other = others[record.episode.index]?.popLast() {
        faults += EpisodePairing.differences(EpisodePair(base: record, candidate: other))
      } else {
        missing.append(
          MissingEpisode(task: task, episode: record.episode.name, missingIn: .candidate))
      }
    }
    let left = others.values.flatMap(\.self)
    for record in left.sorted(by: { $0.episode.index < $1.episode.index }) {
      missing.append(MissingEpisode(task: task, episode: record.episode.name, missingIn: .base))
    }
  }

  private static func fault(of pair: EpisodePair) -> PairingFault {
    func text(_ start: EpisodeRecord.Start?) -> String {
      "state \(start?.state ?? "-"), pictures \(start?.pictures ?? "-")"
    }
    return PairingFault(
      .start, task: pair.base.episode.task, episode: pair.base.episode.name,
      base: text(pair.base.start), candidate: text(pair.candidate.start))
  }

  private static func differences(_ pair: EpisodePair) -> [PairingFault] {
    let (base, candidate) = (pair.base, pair.candidate)
    let name = candidate.episode.name
    let facts: [(PairingFault.Fact, String, String)] = [
      (.suite, base.episode.suite, candidate.episode.suite),
      // In a rollout the name holds the seed, which says it all.
      (.name, base.episode.name, base.seed == candidate.seed ? name : base.episode.name),
      (.variation, "\(base.episode.variation)", "\(candidate.episode.variation)"),
      (.seed, "\(base.seed)", "\(candidate.seed)"),
      (.instruction, "\"\(base.instruction)\"", "\"\(candidate.instruction)\""),
      (.queries, "\(base.offline.count)", "\(candidate.offline.count)"),
    ]
    var faults = facts.filter { $0.1 != $0.2 }.map { fact, one, other in
      PairingFault(
        fact, task: base.episode.task, episode: base.episode.name, base: one, candidate: other)
    }
    if base.offline.count == candidate.offline.count, base.shownFrames != candidate.shownFrames {
      faults.append(
        PairingFault(
          .frames, task: base.episode.task, episode: base.episode.name,
          base: "its frames and demonstrated actions", candidate: "others"))
    }
    return faults
  }
}

/// The pairs of one task, by index.
package struct TaskPairs: Equatable, Sendable {
  package let name: String
  package let pairs: [EpisodePair]
}
