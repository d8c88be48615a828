/// How far a share of what lies within episodes would vary if the episodes were drawn again.
///
/// Layers and errors within an episode hang together, so an episode stays whole: drawing its steps
/// apart would make the interval too narrow.
package enum ClusterBootstrap {
  /// A sum over an episode's steps, and what it is a share of, such as the number of steps.
  package struct Cluster: Equatable, Sendable {
    package let sum: Double
    package let weight: Double

    package init(sum: Double, weight: Double) {
      self.sum = sum
      self.weight = weight
    }

    /// The sum and the number of values.
    package init(_ values: [Double]) {
      self.init(sum: Sample(values).sum, weight: Double(values.count))
    }
  }

  /// The sum of all clusters over their weight; `nil` where they have none.
  package static func ratio(_ clusters: some Sequence<Cluster>) -> Double? {
    var (sum, weight) = (0.0, 0.0)
    for cluster in clusters {
      sum += cluster.sum
      weight += cluster.weight
    }
    return weight == 0 ? nil : sum / weight
  }

  /// The percentile interval of the ratio, whole clusters drawn again within each group.
  ///
  /// - Returns: `nil` where most draws have no weight.
  /// - Precondition: At least one draw; `confidence` lies in (0, 1).
  package static func interval(
    groups: [[Cluster]], draws: Int = 1000, confidence: Double = 0.95,
    using generator: inout some RandomNumberGenerator
  ) -> BootstrapInterval? {
    Bootstrap.intervals(
      groupSizes: groups.map(\.count), draws: draws, confidence: confidence, using: &generator
    ) { places in
      [ratio(zip(places, groups).lazy.flatMap { drawn, group in drawn.map { group[$0] } })]
    }[0]
  }
}
