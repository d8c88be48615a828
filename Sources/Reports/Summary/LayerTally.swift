internal import Manipulation

/// Collects how much of each layer ran.
struct LayerTally {
  private(set) var queries = 0
  private var sums: [Double]

  init(layerCount: Int) {
    sums = [Double](repeating: 0, count: layerCount)
  }

  /// - Precondition: The mask has as many layers as the tally.
  mutating func add(_ mask: LayerMask) {
    queries += 1
    for layer in sums.indices { sums[layer] += Double(mask.shares[layer]) }
  }

  /// The mean over queries of the number of layers run; `nil` without queries.
  var layersExecuted: Double? {
    queries == 0 ? nil : sums.reduce(0, +) / Double(queries)
  }

  var usage: LayerUsage {
    LayerUsage(queries: queries, shares: queries == 0 ? [] : sums.map { $0 / Double(queries) })
  }
}
