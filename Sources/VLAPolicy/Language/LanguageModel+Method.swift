internal import Foundation
package import TensorMath

extension LanguageModel {
  /// The selection that carries out a method on this model.
  ///
  /// `static:k` keeps the k layers that change the states of `text` most (ShortGPT).
  ///
  /// - Throws: `PolicyError.missingPart` for a method whose router only a policy has.
  package func selection(
    for method: LayerMethod, calibratingOn text: String
  ) throws -> any LayerSelection {
    let keep = method.layerCount(depth: decoder.depth)
    switch method.kind {
    case .dense: return DenseSelection()
    case .truncate: return StaticSelection(keeping: 0..<keep)
    case .random: return RandomSelection(keep: keep)
    case .static:
      return StaticSelection(keeping: try layersByInfluence(on: text).prefix(keep))
    case .mole: throw PolicyError.missingPart(method: method.name, part: "a STAR router")
    case .earlyExit: throw PolicyError.missingPart(method: method.name, part: "an action head")
    case .mixtureOfDepths:
      throw PolicyError.missingPart(method: method.name, part: "token routers")
    }
  }

  /// Layers from the one that changes the states of a text most to the one that does least.
  private func layersByInfluence(on text: String) throws -> [Int] {
    var trace = Trace(recording: true)
    var meter = ComputeMeter()
    _ = run(
      try ids(of: text), selection: DenseSelection(), seed: 0, meter: &meter, trace: &trace)
    return BlockInfluence.order([BlockInfluence.ofLayers(trace)])
  }

  /// The most likely tokens after a text, by probability.
  ///
  /// - Parameter logits: `[tokenCount, vocabularySize]`, of which the last row counts.
  package func likeliest(
    _ count: Int, after logits: Matrix
  ) -> [(id: Int, probability: Double)] {
    let scores = logits.row(logits.rows - 1).map(Double.init)
    let highest = scores.max() ?? 0
    let total = scores.reduce(0) { $0 + exp($1 - highest) }
    return scores.indices.sorted { scores[$0] > scores[$1] }.prefix(count).map {
      ($0, exp(scores[$0] - highest) / total)
    }
  }
}
