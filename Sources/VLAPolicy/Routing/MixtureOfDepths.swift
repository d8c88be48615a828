internal import NeuralLayers
package import TensorMath

/// Mixture-of-Depths (Raposo et al., 2024): in every layer the tokens that score highest are
/// processed, the others pass unchanged.
///
/// The last token, from which the action is read, is always processed. Chosen tokens attend to one
/// another at their original positions. At capacity 1 there is nothing to choose: the scores are
/// not computed and the layer is the dense one.
package struct MixtureOfDepthsSelection: LayerSelection {
  private let routers: [Linear]
  private let gate: MixtureOfDepthsConfiguration.Gate
  /// The share of the tokens that a layer processes, in (0, 1].
  private let capacity: Double

  init(routers: [Linear], gate: MixtureOfDepthsConfiguration.Gate, capacity: Double) {
    self.routers = routers
    self.gate = gate
    self.capacity = capacity
  }

  package func tokens(
    atLayer layer: Int, hidden: Matrix, rows: Range<Int>, counting counter: inout MACCounter
  ) -> TokenChoice? {
    guard capacity < 1 else { return nil }
    let scores = routers[layer](hidden.rows(rows), counting: &counter).elements
    let chosen = MixtureOfDepthsSelection.chosenRows(scores: scores, capacity: capacity)
    return TokenChoice(
      rows: chosen, gates: gate == .sigmoid ? chosen.map { sigmoid(scores[$0]) } : nil)
  }

  /// The ⌈capacity · n⌉ rows with the highest scores, the last row among them, ascending.
  package static func chosenRows(scores: [Float], capacity: Double) -> [Int] {
    let count = max(1, Int((capacity * Double(scores.count)).rounded(.up)))
    let last = scores.count - 1
    let best = indicesOfLargest(count, in: scores)
    guard !best.contains(last) else { return best }
    return indicesOfLargest(count - 1, in: scores) + [last]
  }
}
