internal import Manipulation
internal import Outcomes

/// Replays early exits under other thresholds while a journal is read.
struct ExitCurveTally {
  private static let scales = [0, 0.25, 0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 2, 3, 4]
  /// Of normalised actions, whose root mean square differs by 2 at most.
  private static let uniform = [0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 1, 2]

  private let exits: [Int]
  private var queries = 0
  private var points: [Point]

  /// The sums of one setting.
  private struct Point {
    let rule: ExitPointRule
    /// Of all exits but the last, which is always taken.
    let thresholds: [Double]
    var unknown = 0
    var taken: [Int]
    var languageModel = 0.0
    var total = 0.0
  }

  /// `nil` for a method whose description names no exits.
  init?(method: MethodDescription) {
    guard case .numbers(let depths) = method.parameters["exits_after_layers"] else { return nil }
    let exits = depths.compactMap { Int(exactly: $0) }
    guard exits.count == depths.count, exits.count > 1, exits[0] > 0,
      exits.last == method.layerCount, zip(exits, exits.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    self.exits = exits
    let last = exits.count - 1
    func point(_ kind: ExitPointRule.Kind, _ value: Double, _ thresholds: [Double]) -> Point {
      Point(
        rule: ExitPointRule(kind: kind, value: value), thresholds: thresholds,
        taken: exits.map { _ in 0 })
    }
    points = ExitCurveTally.uniform.map {
      point(.uniform, $0, [Double](repeating: $0, count: last))
    }
    // Thresholds that no difference reaches have no scale.
    if case .numbers(let stored) = method.parameters["exit_thresholds"], stored.count == last,
      stored.allSatisfy({ $0 >= 0 })
    {
      points =
        ExitCurveTally.scales.map { scale in
          point(.scaled, scale, stored.map { $0 * scale })
        } + points
    }
  }

  mutating func add(_ outcome: EpisodeOutcome) {
    for query in outcome.queries { add(query) }
  }

  private mutating func add(_ query: QueryOutcome) {
    let layers = query.layers.shares.count { $0 > 0 }
    guard let recorded = query.exitDifferences, recorded.count < exits.count,
      let left = exits.firstIndex(of: layers)
    else { return }
    queries += 1
    let differences = recorded.map { $0.map(Double.init) ?? .infinity }
    let executed = query.compute.executed
    let perLayer = Double(executed[.languageLayers]) / Double(layers)
    let perPass = Double(executed[.actionHead]) / passes(upTo: left)
    let rest =
      Double(executed.total) - Double(executed[.languageLayers]) - Double(executed[.actionHead])
    for index in points.indices {
      guard let exit = exit(of: differences, under: points[index].thresholds) else {
        points[index].unknown += 1
        continue
      }
      points[index].taken[exit] += 1
      let language = perLayer * Double(exits[exit])
      points[index].languageModel += language + Double(executed[.router])
      points[index].total += rest + language + perPass * passes(upTo: exit)
    }
  }

  /// The first exit whose difference is small enough, or the last; `nil` where that was not recorded.
  private func exit(of differences: [Double], under thresholds: [Double]) -> Int? {
    let exit = zip(differences, thresholds).enumerated().first { $1.0 <= $1.1 }?.offset
    return exit ?? (differences.count == thresholds.count ? thresholds.count : nil)
  }

  /// How often the action head ran: at each exit so far, and one layer before the first, unless that
  /// is the first layer.
  private func passes(upTo exit: Int) -> Double { Double(exit + 1 + (exits[0] > 1 ? 1 : 0)) }

  /// `nil` where nothing was recorded.
  var curve: ExitCurve? {
    guard queries > 0 else { return nil }
    return ExitCurve(exits: exits, queries: queries, points: points.map(point))
  }

  private func point(_ point: Point) -> ExitPoint {
    guard point.unknown == 0 else {
      return ExitPoint(rule: point.rule, unknownQueries: point.unknown, shares: [])
    }
    let count = Double(queries)
    let layers = zip(point.taken, exits).reduce(0) { $0 + Double($1.0 * $1.1) }
    return ExitPoint(
      rule: point.rule, unknownQueries: 0, shares: point.taken.map { Double($0) / count },
      layersExecuted: layers / count, languageModelMACs: point.languageModel / count,
      totalMACs: point.total / count)
  }
}
