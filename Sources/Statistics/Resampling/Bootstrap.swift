/// How far a number would vary if the data were drawn again (Efron, 1979).
package struct BootstrapInterval: Equatable, Sendable {
  package let lower: Double
  package let upper: Double
  /// How often the data were drawn again.
  package let draws: Int
  /// In how many of the draws the number existed; the interval is of those alone.
  package let answered: Int

  package init(lower: Double, upper: Double, draws: Int, answered: Int) {
    self.lower = lower
    self.upper = upper
    self.draws = draws
    self.answered = answered
  }
}

/// Drawing observations again, by their places in groups.
package enum Bootstrap {
  /// Percentile intervals of several numbers that are computed from the same groups of
  /// observations.
  ///
  /// Each draw takes from every group as many observations as it has, with replacement, and never
  /// mixes groups (a stratified bootstrap). The same sizes, draws and generator give the same
  /// places.
  ///
  /// - Parameters:
  ///   - groupSizes: How many observations each group has; none is fine.
  ///   - draws: How often they are drawn again.
  ///   - confidence: The share of the draws within an interval.
  ///   - generator: Where the draws come from.
  ///   - statistics: The numbers from the places drawn of each group; always equally many, `nil`
  ///     or not finite where a number does not exist.
  /// - Returns: An interval for each number; `nil` where fewer than half of the draws have it.
  /// - Precondition: At least one draw; `confidence` lies in (0, 1); no size is negative.
  package static func intervals(
    groupSizes: [Int], draws: Int = 1000, confidence: Double = 0.95,
    using generator: inout some RandomNumberGenerator,
    statistics: (_ places: [[Int]]) -> [Double?]
  ) -> [BootstrapInterval?] {
    precondition(draws > 0, "\(draws) draws")
    precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence)")
    var places = groupSizes.map { [Int](repeating: 0, count: $0) }
    var values: [[Double]] = []
    for _ in 0..<draws {
      redraw(&places, using: &generator)
      for (index, value) in statistics(places).enumerated() {
        if index == values.count { values.append([]) }
        if let value, value.isFinite { values[index].append(value) }
      }
    }
    return values.map { interval(of: $0, draws: draws, confidence: confidence) }
  }

  /// Fills each group with places below its size.
  ///
  /// The high word of a product is as even as one can ask for: a place is off by 2⁻⁶⁴ of the size.
  private static func redraw(
    _ places: inout [[Int]], using generator: inout some RandomNumberGenerator
  ) {
    for group in places.indices {
      let size = UInt64(places[group].count)
      for index in places[group].indices {
        places[group][index] = Int(generator.next().multipliedFullWidth(by: size).high)
      }
    }
  }

  private static func interval(
    of values: [Double], draws: Int, confidence: Double
  ) -> BootstrapInterval? {
    let tail = (1 - confidence) / 2
    guard values.count * 2 >= draws, let ends = Sample(values).quantiles([tail, 1 - tail])
    else { return nil }
    return BootstrapInterval(
      lower: ends[0], upper: ends[1], draws: draws, answered: values.count)
  }
}
