/// What is known of each dimension of a vector over a data set.
package struct DimensionStatistics: Codable, Equatable, Sendable {
  package var mean: [Double]
  package var std: [Double]
  package var max: [Double]
  package var min: [Double]
  /// The first percentile.
  package var q01: [Double]
  /// The ninety-ninth percentile.
  package var q99: [Double]
  /// Whether a dimension is normalised; absent means all are.
  package var mask: [Bool]?

  package init(
    mean: [Double], std: [Double], max: [Double], min: [Double], q01: [Double], q99: [Double],
    mask: [Bool]? = nil
  ) {
    self.mean = mean
    self.std = std
    self.max = max
    self.min = min
    self.q01 = q01
    self.q99 = q99
    self.mask = mask
  }
}

/// The normalisation statistics of one data set, as OpenVLA and CogACT store them in
/// `dataset_statistics.json` under the data set's name.
package struct DatasetStatistics: Codable, Equatable, Sendable {
  package var action: DimensionStatistics
  package var proprio: DimensionStatistics?
  package var transitionCount: Int
  package var trajectoryCount: Int

  private enum CodingKeys: String, CodingKey {
    case action
    case proprio
    case transitionCount = "num_transitions"
    case trajectoryCount = "num_trajectories"
  }

  package init(
    action: DimensionStatistics, proprio: DimensionStatistics? = nil, transitionCount: Int,
    trajectoryCount: Int
  ) {
    self.action = action
    self.proprio = proprio
    self.transitionCount = transitionCount
    self.trajectoryCount = trajectoryCount
  }
}
