internal import Manipulation
internal import Outcomes
internal import Statistics

/// Collects which layers ran, episode by episode, for a bootstrap over episodes.
struct LayerDifferenceTally {
  /// Layers times episodes times draws that a bootstrap may take, and its fewest draws: an interval
  /// of very many episodes is short, and few draws tell its ends.
  private static let work = 10_000_000
  private static let draws = (least: 200, most: 2000)

  private let method: String
  private let layerCount: Int
  private let confidence: Double
  private var episodes: [Episode] = []
  /// Episode by episode the sum over its queries of each layer's share.
  private var sums: [Float] = []

  private struct Episode {
    var task: String
    var isSolved: Bool
    var queries: Int
  }

  init(method: MethodDescription, confidence: Double) {
    self.method = method.name
    layerCount = method.layerCount
    self.confidence = confidence
  }

  /// - Precondition: The masks have as many layers as the method.
  mutating func add(_ outcome: EpisodeOutcome) {
    guard layerCount > 0, let solved = outcome.successOnce, !outcome.queries.isEmpty else {
      return
    }
    let start = sums.count
    sums.append(contentsOf: repeatElement(0, count: layerCount))
    for query in outcome.queries {
      for layer in 0..<layerCount { sums[start + layer] += query.layers.shares[layer] }
    }
    episodes.append(
      Episode(task: outcome.episode.task, isSolved: solved, queries: outcome.queries.count))
  }

  /// Task by task, and all of them together; `nil` where nothing was judged or where every query ran
  /// the same.
  func differences(tasks: [String], pooledName: String) -> [LayerDifference]? {
    guard isVaried else { return nil }
    let byTask = Dictionary(grouping: episodes.indices) { episodes[$0].task }
    let all = (name: pooledName, places: Array(episodes.indices))
    let groups = tasks.map { (name: $0, places: byTask[$0, default: []]) }
    return (groups + [all]).map { difference($0.places, name: $0.name) }
  }

  /// Whether two episodes used layers differently.
  private var isVaried: Bool {
    guard let first = episodes.first else { return false }
    return episodes.indices.contains { place in
      (0..<layerCount).contains { layer in
        sums[place * layerCount + layer] * Float(first.queries)
          != sums[layer] * Float(episodes[place].queries)
      }
    }
  }

  private func difference(_ places: [Int], name: String) -> LayerDifference {
    let solved = places.filter { episodes[$0].isSolved }
    let unsolved = places.filter { !episodes[$0].isSolved }
    var difference = LayerDifference(
      name: name, solvedEpisodes: solved.count, unsolvedEpisodes: unsolved.count, layers: [],
      draws: 0)
    guard !solved.isEmpty, !unsolved.isEmpty else { return difference }
    let draws = min(
      LayerDifferenceTally.draws.most,
      max(
        LayerDifferenceTally.draws.least,
        LayerDifferenceTally.work / (places.count * layerCount)))
    var generator = SeededGenerator(
      seed: SeededGenerator.derive(0, ["layer_usage_difference", method, name]))
    let intervals = Bootstrap.intervals(
      groupSizes: [solved.count, unsolved.count], draws: draws, confidence: confidence,
      using: &generator
    ) { drawn in
      numbers(drawn[0], of: solved, drawn[1], of: unsolved)
    }
    let estimates = zip(
      numbers(Array(solved.indices), of: solved, Array(unsolved.indices), of: unsolved), intervals
    ).map {
      Estimate(value: $0, lower: $1?.lower, upper: $1?.upper)
    }
    difference.layers = Array(estimates.dropLast())
    difference.layersExecuted = estimates.last
    difference.draws = draws
    return difference
  }

  /// For each layer, and then for their number, the difference of the shares.
  private func numbers(
    _ drawn: [Int], of solved: [Int], _ others: [Int], of unsolved: [Int]
  ) -> [Double] {
    let differences = zip(shares(drawn, of: solved), shares(others, of: unsolved)).map { $0 - $1 }
    return differences + [differences.reduce(0, +)]
  }

  /// - Precondition: At least one place; every episode has queries.
  private func shares(_ drawn: [Int], of places: [Int]) -> [Double] {
    var (total, queries) = ([Double](repeating: 0, count: layerCount), 0)
    // Through pointers: a large run takes hundreds of millions of these additions.
    total.withUnsafeMutableBufferPointer { total in
      sums.withUnsafeBufferPointer { sums in
        for index in drawn {
          let place = places[index]
          queries += episodes[place].queries
          let start = place * layerCount
          for layer in 0..<layerCount { total[layer] += Double(sums[start + layer]) }
        }
      }
    }
    return total.map { $0 / Double(queries) }
  }
}
