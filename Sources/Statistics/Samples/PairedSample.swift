/// Two numbers about each of several things, such as an offline error and a success rate of each
/// method, and how well the first tells the order of the second.
///
/// What has no answer is `nil` and never "not a number": fewer than two things, a series whose
/// values are all equal, or a value that is not finite.
package struct PairedSample: Equatable, Sendable {
  /// What is easily known: the proxy.
  package let proxy: [Double]
  /// What one would like to know: the truth.
  package let truth: [Double]

  /// - Precondition: As many values of one kind as of the other.
  package init(proxy: [Double], truth: [Double]) {
    precondition(
      proxy.count == truth.count, "\(proxy.count) proxies for \(truth.count) true values")
    self.proxy = proxy
    self.truth = truth
  }

  package var count: Int { proxy.count }

  /// Pearson's product-moment correlation, in [−1, 1].
  package var pearson: Double? {
    isOrderable ? PairedSample.pearson(proxy, truth) : nil
  }

  /// Spearman's rank correlation, in [−1, 1]: Pearson's of the ranks, equal values sharing the
  /// mean of theirs.
  package var spearman: Double? {
    isOrderable ? PairedSample.pearson(Ranks.of(proxy), Ranks.of(truth)) : nil
  }

  /// Kendall's τ-b (Kendall, 1945), in [−1, 1]: pairs in the same order less pairs in opposite
  /// order, over the geometric mean of the pairs that each series orders at all.
  ///
  /// Every pair is looked at, so the time grows with the square of the count.
  package var kendall: Double? {
    guard isOrderable else { return nil }
    var balance = 0
    var (orderedByProxy, orderedByTruth) = (0, 0)
    for i in proxy.indices {
      for j in 0..<i {
        let a = PairedSample.order(proxy[i], proxy[j])
        let b = PairedSample.order(truth[i], truth[j])
        balance += a * b
        orderedByProxy += a * a
        orderedByTruth += b * b
      }
    }
    let scale = (Double(orderedByProxy) * Double(orderedByTruth)).squareRoot()
    return min(1, max(-1, Double(balance) / scale))
  }

  /// The mean maximum rank violation (MMRV; Li et al., "Evaluating Real-World Robot Manipulation
  /// Policies in Simulation", 2024), in the unit of the truth, 0 at best: for each thing the
  /// largest difference in truth to another whose order the proxy gets wrong, averaged.
  ///
  /// As there, a pair is ordered by "less than": where the proxy ties what differs in truth, the
  /// violation counts for the lesser of the two alone.
  package var meanMaximumRankViolation: Double? {
    guard isOrderable else { return nil }
    let worst = proxy.indices.map { i in
      proxy.indices.reduce(0.0) { worst, j in
        let disagrees = (proxy[i] < proxy[j]) != (truth[i] < truth[j])
        return disagrees ? max(worst, abs(truth[i] - truth[j])) : worst
      }
    }
    return Sample(worst).mean
  }

  /// Whether each series puts at least two things in an order.
  private var isOrderable: Bool {
    [proxy, truth].allSatisfy { series in
      series.allSatisfy(\.isFinite) && series.contains { $0 != series[0] }
    }
  }

  private static func order(_ a: Double, _ b: Double) -> Int {
    a < b ? -1 : a > b ? 1 : 0
  }

  private static func pearson(_ x: [Double], _ y: [Double]) -> Double? {
    guard let a = deviations(x), let b = deviations(y) else { return nil }
    let product = Sample(zip(a, b).map(*)).sum
    let scale =
      Sample(a.map { $0 * $0 }).sum.squareRoot() * Sample(b.map { $0 * $0 }).sum.squareRoot()
    let correlation = product / scale
    return correlation.isFinite ? min(1, max(-1, correlation)) : nil
  }

  /// The distances from the mean, the largest scaled to 1, so that squares neither overflow nor
  /// vanish; `nil` where the distances themselves do.
  private static func deviations(_ values: [Double]) -> [Double]? {
    guard let mean = Sample(values).mean else { return nil }
    let deviations = values.map { $0 - mean }
    let largest = deviations.reduce(0) { max($0, abs($1)) }
    guard largest > 0, largest.isFinite else { return nil }
    return deviations.map { $0 / largest }
  }
}

/// The places of values in their order.
enum Ranks {
  /// From 1 for the least; equal values share the mean of their places.
  static func of(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      let value = values[order[start]]
      let end = order[start...].firstIndex { values[$0] != value } ?? order.count
      // Places start + 1 … end, which are end − start many.
      for place in start..<end { ranks[order[place]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }
}
