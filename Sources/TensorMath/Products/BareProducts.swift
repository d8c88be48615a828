/// One product of a layer, apart from what joins it to the others.
package struct LayerProduct: Sendable {
  package let weight: PreparedWeight
  /// Whether the result is kept in the type that the next product reads, as a feed-forward block's
  /// hidden tokens are; else it is kept in 32-bit floats.
  let narrowsResult: Bool

  package init(_ weight: PreparedWeight, narrowsResult: Bool = false) {
    self.weight = weight
    self.narrowsResult = narrowsResult
  }
}

/// Products and nothing between them, as fast as the engine carries them out: the rate that layers
/// of these shapes are held against.
package struct BareProducts {
  private let products: [LayerProduct]
  /// By width; what they hold does not matter, as long as it is neither zero nor tiny.
  private var tokens: [Int: Activations] = [:]
  private var result: [Float] = []
  private var workspace = Workspace()
  private let tokenCount: Int

  /// - Parameter products: Products of the same precision.
  package init(_ products: [LayerProduct], tokenCount: Int) {
    self.products = products
    self.tokenCount = tokenCount
    for weight in products.map(\.weight) where tokens[weight.inputWidth] == nil {
      var activations = Activations(weight.precision)
      activations.fill(rows: tokenCount, columns: weight.inputWidth) { row, target in
        for column in target.indices {
          target[column] = Float((row &* 31 &+ column &* 17) % 255 - 127) / 127 + 0.002
        }
      }
      tokens[weight.inputWidth] = activations
    }
    result.grow(to: tokenCount * (products.map(\.weight.outputWidth).max() ?? 0))
  }

  package var count: Int { products.count }

  /// What one of the products costs.
  package func multiplyAccumulates(_ index: Int) -> Int {
    tokenCount * products[index].weight.inputWidth * products[index].weight.outputWidth
  }

  /// What all of them cost.
  package var multiplyAccumulates: Int {
    products.indices.reduce(0) { $0 + multiplyAccumulates($1) }
  }

  /// Carries out all products.
  package mutating func run() {
    for index in products.indices { run(index) }
  }

  /// Carries out one product: sums alone, without bias, scales or activation.
  package mutating func run(_ index: Int) {
    guard let source = tokens[products[index].weight.inputWidth] else { return }
    BareProducts.run(products[index], on: source, into: &result, workspace: &workspace)
  }

  private static func run(
    _ product: LayerProduct, on tokens: Activations, into result: inout [Float],
    workspace: inout Workspace
  ) {
    let weight = product.weight
    guard case .packed(let packed) = weight.form() else {
      weight.multiplyStored(
        tokens, bias: nil, finish: .store, into: &result, workspace: &workspace)
      return
    }
    let isNarrow = product.narrowsResult && weight.precision != .int8
    unsafe result.withUnsafeMutableBytes { target in
      unsafe weight.run(
        packed, tokens, bias: nil, finish: .store,
        element: isNarrow ? ProductElement(weight.precision) : .float32,
        into: target.baseAddress, workspace: &workspace)
    }
  }
}
