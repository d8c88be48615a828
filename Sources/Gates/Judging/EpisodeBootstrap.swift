internal import Manipulation
internal import Statistics

/// Numbers that are functions of sums over episodes, with intervals from drawing whole episodes
/// again, task by task: what happens within an episode hangs together.
struct EpisodeBootstrap {
  /// What each pair of episodes adds to the sums, tasks one after the other.
  private let rows: [[Double]]
  private let taskSizes: [Int]
  private let draws: GateSettings.Draws
  private let width: Int

  /// - Parameter row: What a pair adds; always equally many numbers, or `nil` where it has none.
  init(
    _ tasks: [TaskPairs], draws: GateSettings.Draws, row: (EpisodePair) -> [Double]?
  ) {
    let byTask = tasks.map { $0.pairs.compactMap(row) }
    rows = byTask.flatMap(\.self)
    taskSizes = byTask.map(\.count)
    width = rows.first?.count ?? 0
    self.draws = draws
  }

  /// Pairs that add something.
  var count: Int { rows.count }

  /// The number and its percentile interval.
  ///
  /// - Returns: `nil` where the number does not exist; without ends where most draws lack it.
  func estimate(
    confidence: Double, of number: (_ sums: [Double]) -> Double?
  ) -> Effect? {
    guard count > 0, let value = number(sums), value.isFinite else { return nil }
    var generator = SeededGenerator(
      seed: SeededGenerator.derive(draws.seed, ["gate"]))
    let interval = Bootstrap.intervals(
      groupSizes: taskSizes, draws: draws.draws, confidence: confidence, using: &generator
    ) { places in
      [number(drawn(places))]
    }[0]
    return Effect(value: value, lower: interval?.lower, upper: interval?.upper)
  }

  /// Over all pairs.
  var sums: [Double] {
    var sums = [Double](repeating: 0, count: width)
    for row in rows { add(row, to: &sums) }
    return sums
  }

  private func drawn(_ places: [[Int]]) -> [Double] {
    var sums = [Double](repeating: 0, count: width)
    var start = 0
    for (task, size) in zip(places, taskSizes) {
      for place in task { add(rows[start + place], to: &sums) }
      start += size
    }
    return sums
  }

  private func add(_ row: [Double], to sums: inout [Double]) {
    for index in sums.indices { sums[index] += row[index] }
  }
}

extension EpisodeBootstrap {
  /// A number of the sums over all pairs; `nil` where it is none.
  func total(_ number: (_ sums: [Double]) -> Double) -> Double? {
    guard count > 0 else { return nil }
    let value = number(sums)
    return value.isFinite ? value : nil
  }
}
