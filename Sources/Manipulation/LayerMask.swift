/// Which layers of the language model ran for one query.
package struct LayerMask: Codable, Equatable, Sendable {
  /// For each layer, the share of the tokens it processed: 1 ran, 0 skipped; a Mixture-of-Depths
  /// layer lies between.
  package var shares: [Float]

  package init(shares: [Float]) {
    self.shares = shares
  }

  package init(running layers: some Sequence<Int>, of layerCount: Int) {
    var shares = [Float](repeating: 0, count: layerCount)
    for layer in layers { shares[layer] = 1 }
    self.shares = shares
  }

  package static func dense(_ layerCount: Int) -> LayerMask {
    LayerMask(shares: [Float](repeating: 1, count: layerCount))
  }

  package var layerCount: Int { shares.count }

  package func runs(_ layer: Int) -> Bool { shares[layer] > 0 }

  package init(from decoder: any Decoder) throws {
    shares = try decoder.singleValueContainer().decode([Float].self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(shares)
  }
}
