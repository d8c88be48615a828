internal import Manipulation
internal import Outcomes

/// The episodes of a run that the page shows one by one: the first so many of each task, as all
/// methods took them.
///
/// Which episodes come first was settled by the run's seed and not by how they ended.
struct EpisodeSample {
  private let perTask: Int
  private var chosen: [String: [EpisodeKey]] = [:]
  private(set) var outcomes: [EpisodeOutcome] = []
  private(set) var total = 0

  init(perTask: Int) { self.perTask = perTask }

  mutating func add(_ outcome: EpisodeOutcome) {
    total += 1
    let key = EpisodeKey(outcome)
    let known = chosen[outcome.episode.task, default: []]
    if !known.contains(key) {
      guard known.count < perTask else { return }
      chosen[outcome.episode.task, default: []].append(key)
    }
    outcomes.append(outcome)
  }

  /// The first of each task and method before the second of any, so that what is cut is cut evenly.
  var evenly: [EpisodeOutcome] {
    let places = outcomes.map { outcome in
      chosen[outcome.episode.task]?.firstIndex(of: EpisodeKey(outcome)) ?? 0
    }
    return outcomes.indices.sorted { (places[$0], $0) < (places[$1], $1) }.map { outcomes[$0] }
  }
}
