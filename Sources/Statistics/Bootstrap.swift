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

/// Drawing observations again; what runs once a draw is inlinable, for it is slow as an
/// unspecialised generic.
package enum Bootstrap {
  /// Percentile intervals of several numbers that are computed from the same groups of
  /// observations.
  ///
  /// Each draw takes from every group as many observations as it has, with replacement, and never
  /// mixes groups (a stratified bootstrap). The same groups, draws and generator give the same
  /// intervals.
  ///
  /// - Parameters:
  ///   - groups: The observations; a group may be empty.
  ///   - draws: How often they are drawn again.
  ///   - confidence: The share of the draws within an interval.
  ///   - generator: Where the draws come from.
  ///   - statistics: The numbers from groups as `groups` is; always equally many, `nil` or not
  ///     finite where a number does not exist.
  /// - Returns: An interval for each number; `nil` where fewer than half of the draws have it.
  /// - Precondition: At least one draw; `confidence` lies in (0, 1).
  @inlinable package static func intervals<Observation>(
    groups: [[Observation]], draws: Int = 1000, confidence: Double = 0.95,
    using generator: inout some RandomNumberGenerator,
    statistics: ([[Observation]]) -> [Double?]
  ) -> [BootstrapInterval?] {
    precondition(draws > 0, "\(draws) draws")
    precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence)")
    var values: [[Double]] = []
    for _ in 0..<draws {
      let drawn = groups.map { redrawn($0, using: &generator) }
      for (index, value) in statistics(drawn).enumerated() {
        if index == values.count { values.append([]) }
        if let value, value.isFinite { values[index].append(value) }
      }
    }
    return values.map { interval(of: $0, draws: draws, confidence: confidence) }
  }

  /// The percentile interval of one number; see `intervals`.
  @inlinable package static func interval<Observation>(
    groups: [[Observation]], draws: Int = 1000, confidence: Double = 0.95,
    using generator: inout some RandomNumberGenerator,
    statistic: ([[Observation]]) -> Double?
  ) -> BootstrapInterval? {
    intervals(
      groups: groups, draws: draws, confidence: confidence, using: &generator
    ) { [statistic($0)] }[0]
  }

  @inlinable package static func redrawn<Observation>(
    _ group: [Observation], using generator: inout some RandomNumberGenerator
  ) -> [Observation] {
    group.indices.map { _ in group[Int.random(in: group.indices, using: &generator)] }
  }

  @usableFromInline static func interval(
    of values: [Double], draws: Int, confidence: Double
  ) -> BootstrapInterval? {
    let tail = (1 - confidence) / 2
    guard values.count * 2 >= draws, let ends = Sample(values).quantiles([tail, 1 - tail])
    else { return nil }
    return BootstrapInterval(
      lower: ends[0], upper: ends[1], draws: draws, answered: values.count)
  }
}
