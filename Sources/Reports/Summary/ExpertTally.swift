internal import Outcomes

/// Collects the tokens that each expert of each layer processed.
struct ExpertTally {
  /// `[layer][expert]`. Sums are floating-point: a hostile journal's counts must not overflow.
  private var sums: [[Double]]
  private var isUsed = false

  init(layerCount: Int) {
    sums = Array(repeating: [], count: layerCount)
  }

  mutating func add(_ query: QueryOutcome) {
    guard let experts = query.experts else { return }
    isUsed = true
    for (layer, tokens) in zip(sums.indices, experts) {
      let missing = tokens.count - sums[layer].count
      if missing > 0 { sums[layer] += [Double](repeating: 0, count: missing) }
      for (expert, count) in tokens.enumerated() { sums[layer][expert] += Double(count) }
    }
  }

  /// For each layer each expert's share of what the layer's experts processed together; empty for a
  /// layer that did not run, and `nil` for a policy without experts.
  var usage: [[Double]]? {
    guard isUsed else { return nil }
    return sums.map { own in
      let whole = own.reduce(0, +)
      return whole > 0 ? own.map { $0 / whole } : []
    }
  }
}
