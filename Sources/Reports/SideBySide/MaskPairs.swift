/// How alike the masks of two queries are, over all pairs of queries.
struct MaskPairs {
  /// More different masks than these are too many to compare each with each.
  private static let mostMasks = 4096

  private let all: TaskMasks
  private let byTask: [TaskMasks]
  /// The sums of Jaccard's index over all pairs, and over those within a task; `nil` when there are
  /// too many different masks.
  private let overlaps: (all: Double, within: Double)?

  init(all: TaskMasks, byTask: [TaskMasks]) {
    (self.all, self.byTask) = (all, byTask)
    let maskCount = byTask.reduce(0) { $0 + $1.masks.count }
    overlaps =
      maskCount > MaskPairs.mostMasks
      ? nil : (MaskPairs.overlap(all), byTask.reduce(0) { $0 + MaskPairs.overlap($1) })
  }

  /// Of two queries of one task; `nil` when no task has two.
  var sameTask: MaskLikeness? {
    likeness(
      pairs: pairsWithin, equal: byTask.reduce(0) { $0 + MaskPairs.equalDecisions($1) },
      overlap: overlaps.map { $0.within })
  }

  /// Of two queries of different tasks; `nil` for a single task.
  var differentTasks: MaskLikeness? {
    let equalWithin = byTask.reduce(0) { $0 + MaskPairs.equalDecisions($1) }
    return likeness(
      pairs: MaskPairs.pairs(all.queries) - pairsWithin,
      equal: MaskPairs.equalDecisions(all) - equalWithin,
      overlap: overlaps.map { $0.all - $0.within })
  }

  private var pairsWithin: Double { byTask.reduce(0) { $0 + MaskPairs.pairs($1.queries) } }

  private func likeness(pairs: Double, equal: Double, overlap: Double?) -> MaskLikeness? {
    guard pairs > 0 else { return nil }
    return MaskLikeness(
      agreement: equal / (pairs * Double(all.counts.count)), overlap: overlap.map { $0 / pairs })
  }

  private static func overlap(_ masks: TaskMasks) -> Double {
    // In the order of their bits, so that the sum is the same each time.
    let counted = masks.masks.sorted { $0.key < $1.key }
    var sum = 0.0
    for (place, (mask, count)) in counted.enumerated() {
      sum += pairs(count)
      for (other, otherCount) in counted[..<place] {
        sum += Double(count) * Double(otherCount) * mask.overlap(with: other)
      }
    }
    return sum
  }

  /// The layers on which two queries decide alike, summed over all pairs: for each layer the pairs
  /// that both run it and those that both skip it.
  private static func equalDecisions(_ masks: TaskMasks) -> Double {
    masks.counts.reduce(0) { $0 + pairs($1) + pairs(masks.queries - $1) }
  }

  private static func pairs(_ count: Int) -> Double { Double(count) * Double(count - 1) / 2 }
}
