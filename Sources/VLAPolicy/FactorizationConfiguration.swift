package import NeuralLayers

/// FactorLLM: feed-forward blocks in experts of equal width, of which a router picks some for each
/// token.
package struct FactorizationConfiguration: Codable, Equatable, Sendable {
  package var experts: Int
  /// Experts of a token.
  package var topK: Int
  package var gate: ExpertRouting.Gate
  /// What the sum of the chosen experts' answers is multiplied by.
  package var scale: Float

  package init(
    experts: Int, topK: Int, gate: ExpertRouting.Gate = .hard, scale: Float = 1
  ) {
    self.experts = experts
    self.topK = topK
    self.gate = gate
    self.scale = scale
  }

  var routing: ExpertRouting { ExpertRouting(count: topK, gate: gate, scale: scale) }

  private enum CodingKeys: String, CodingKey {
    case experts
    case topK = "top_k"
    case gate
    case scale
  }
}

extension LanguageConfiguration {
  /// The same decoder with whole feed-forward blocks.
  package var dense: LanguageConfiguration {
    var dense = self
    dense.factorization = nil
    return dense
  }

  /// Whether a tensor says which neurons the experts of a layer have.
  package func isPermutation(_ tensor: String) -> Bool {
    factorization != nil && tensor.hasSuffix(".mlp.permutation")
  }
}
