internal import VLAPolicy

extension LossParts {
  /// The mean of several, each with a weight; in their order.
  ///
  /// A part or measure that some lack is averaged over those that have it.
  static func mean(_ parts: [(loss: LossParts, weight: Double)]) -> LossParts {
    var mean = LossParts()
    let whole = parts.reduce(0) { $0 + $1.weight }
    mean.total = parts.reduce(0) { $0 + $1.loss.total * $1.weight } / whole
    mean.parts = average(parts.map { ($0.loss.parts, $0.weight) })
    mean.multiplyAccumulates = parts.reduce(0) { $0 + $1.loss.multiplyAccumulates }
    mean.measures = average(parts.map { ($0.loss.measures, $0.weight) })
    return mean
  }

  private static func average<Key: Hashable>(
    _ values: [([Key: Double], Double)]
  ) -> [Key: Double] {
    var sums: [Key: (sum: Double, weight: Double)] = [:]
    for (numbers, weight) in values {
      for (key, number) in numbers {
        let old = sums[key] ?? (0, 0)
        sums[key] = (old.sum + number * weight, old.weight + weight)
      }
    }
    return sums.mapValues { $0.sum / $0.weight }
  }

  /// What is not finite, in words.
  var notFinite: String? {
    if let part = LossPart.allCases.first(where: { !(parts[$0] ?? 0).isFinite }) {
      return "the loss '\(part.rawValue)'"
    }
    return total.isFinite ? nil : "the loss"
  }
}
