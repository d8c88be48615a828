/// How far a mean paired difference would vary if the pairs were drawn again.
package enum PairedBootstrap {
  /// The percentile interval of the mean difference, pairs drawn again within each task.
  ///
  /// - Parameters:
  ///   - groups: The differences, second less first, of each task.
  ///   - weighting: What the tasks count in the mean.
  /// - Returns: `nil` without differences.
  /// - Precondition: At least one draw; `confidence` lies in (0, 1).
  package static func interval(
    groups: [[Double]], weighting: GroupWeighting = .equal, draws: Int = 1000,
    confidence: Double = 0.95, using generator: inout some RandomNumberGenerator
  ) -> BootstrapInterval? {
    let filled = groups.filter { !$0.isEmpty }
    return Bootstrap.intervals(
      groupSizes: filled.map(\.count), draws: draws, confidence: confidence, using: &generator
    ) { places in
      [weighting.mean(zip(places, filled).map { drawn, group in drawn.map { group[$0] } })]
    }[0]
  }
}
