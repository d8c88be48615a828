internal import Statistics

/// The episodes that several rows all saw, task by task, and which of them each solved.
struct SharedEpisodes {
  /// How many there are of each task.
  let taskSizes: [Int]
  /// For each row 1 for a solved episode and 0 for another, the tasks one after the other.
  let solved: [[Double]]

  /// - Precondition: At least one row.
  init(of rows: [RowTally], tasks: [String]) {
    let shared = rows[0].episodes.keys.filter { key in
      rows.dropFirst().allSatisfy { $0.episodes[key] != nil }
    }
    let byTask = Dictionary(grouping: shared, by: \.task)
    let keys = tasks.map { byTask[$0, default: []].sorted { $0.precedes($1) } }
    taskSizes = keys.map(\.count)
    let inOrder = keys.flatMap(\.self)
    solved = rows.map { row in inOrder.map { row.episodes[$0]?.isSolved == true ? 1 : 0 } }
  }

  var count: Int { taskSizes.reduce(0, +) }

  /// The share that a row solved; `nil` without episodes.
  func rate(_ row: Int) -> Double? { Sample(solved[row]).mean }

  /// The mean of the shares of some rows; `nil` without episodes.
  func rate(of rows: Range<Int>) -> Double? { Sample(rows.compactMap(rate)).mean }

  /// The percentile interval of the mean rate of the first `split` rows less that of the others,
  /// which may be none.
  ///
  /// The rows on either side are training seeds of one policy. Each draw takes as many of them as
  /// there are, with replacement, and as many episodes of each task, the same ones for every seed:
  /// what is hard for one is hard for the others. With one seed on each side it is the paired
  /// bootstrap over episodes.
  func interval(
    split: Int, draws: Int, using generator: inout some RandomNumberGenerator
  ) -> BootstrapInterval? {
    guard count > 0 else { return nil }
    let sides = [split, solved.count - split]
    return Bootstrap.intervals(
      groupSizes: sides + taskSizes, draws: draws, confidence: RunSummary.confidence,
      using: &generator
    ) { places in
      [meanDifference(rows: places[..<2], split: split, episodes: places[2...])]
    }[0]
  }

  /// The mean rate of the drawn first rows less that of the drawn others, on the drawn episodes.
  private func meanDifference(
    rows: ArraySlice<[Int]>, split: Int, episodes: ArraySlice<[Int]>
  ) -> Double {
    var weights = [Double](repeating: 0, count: solved.count)
    for (side, (drawn, sign)) in zip(rows, [1.0, -1.0]).enumerated() {
      for row in drawn { weights[side * split + row] += sign / Double(drawn.count) }
    }
    var values = [Double](repeating: 0, count: count)
    for (weight, row) in zip(weights, solved) where weight != 0 {
      for episode in values.indices { values[episode] += weight * row[episode] }
    }
    var (sum, start) = (0.0, 0)
    for (places, size) in zip(episodes, taskSizes) {
      for place in places { sum += values[start + place] }
      start += size
    }
    return sum / Double(count)
  }
}
