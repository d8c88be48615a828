package import Manipulation

/// The size and the price of one part of a policy.
package struct PartCost: Equatable, Sendable {
  package let part: PolicyPart
  package let parameterCount: Int
  package let tensorCount: Int
  /// Multiply-accumulates of one query with every layer kept.
  package let multiplyAccumulates: Int
}

extension Configuration {
  /// Each part of the dense policy, and the router beside it, for a prompt of so many tokens.
  package func partCosts(textTokenCount: Int) -> [PartCost] {
    let patches = towers.first?.patchCount(imageSize: image.size) ?? 0
    let tokens = patches + textTokenCount
    var macs = nominalMACs(
      shares: [Float](repeating: 1, count: language.depth), tokenCount: tokens,
      textTokenCount: textTokenCount, selection: DenseSelection())
    if let router {
      macs[.router] = routerMACs(router, tokenCount: tokens, textTokenCount: textTokenCount)
    }
    let parameters = parameters
    return PolicyPart.allCases.map { part in
      let own = parameters.filter { $0.part == part }
      return PartCost(
        part: part, parameterCount: own.reduce(0) { $0 + $1.count }, tensorCount: own.count,
        multiplyAccumulates: macs[part])
    }
  }
}
