import Manipulation
import NeuralLayers
import TensorMath

/// A gated feed-forward block of random numbers, whole and in experts.
struct SplitBlock {
  let gate: Matrix
  let up: Matrix
  let down: Matrix

  init(width: Int = 48, neurons: Int = 96, seed: UInt64 = 1) {
    var generator = SeededGenerator(seed: seed)
    func random(_ rows: Int, _ columns: Int) -> Matrix {
      let scale = 1 / Float(columns).squareRoot()
      return Matrix(
        rows: rows, columns: columns,
        elements: (0..<rows * columns).map { _ in scale * generator.gaussian() })
    }
    gate = random(neurons, width)
    up = random(neurons, width)
    down = random(width, neurons)
  }

  static func tokens(_ count: Int, width: Int = 48, seed: UInt64 = 9) -> Matrix {
    var generator = SeededGenerator(seed: seed)
    return Matrix(
      rows: count, columns: width, elements: (0..<count * width).map { _ in generator.gaussian() })
  }

  var dense: GatedFeedForward { block(gate, up, down) }

  func block(_ gate: Matrix, _ up: Matrix, _ down: Matrix) -> GatedFeedForward {
    GatedFeedForward(
      gate: Linear(weight: gate), up: Linear(weight: up), down: Linear(weight: down))
  }

  func experts(_ split: ExpertSplit) -> [GatedFeedForward] {
    (0..<split.expertCount).map {
      block(
        split.rows(of: gate, expert: $0), split.rows(of: up, expert: $0),
        split.columns(of: down, expert: $0))
    }
  }

  /// - Parameters:
  ///   - router: `[experts, width]`; zeros where nothing is said.
  ///   - bias: Prefers experts for all tokens alike.
  func factorized(
    _ split: ExpertSplit, _ routing: ExpertRouting, router: Matrix? = nil, bias: [Float]? = nil
  ) -> FactorizedFeedForward {
    let scores = router ?? Matrix(rows: split.expertCount, columns: gate.columns)
    return FactorizedFeedForward(
      experts: experts(split), router: Linear(weight: scores, bias: bias), routing: routing)
  }
}

/// ‖a − b‖ / ‖b‖.
func relativeDistance(_ a: Matrix, _ b: Matrix) -> Double {
  let difference = zip(a.elements, b.elements).reduce(0.0) { sum, pair in
    sum + Double(pair.0 - pair.1) * Double(pair.0 - pair.1)
  }
  let size = b.elements.reduce(0.0) { $0 + Double($1) * Double($1) }
  return (difference / size).squareRoot()
}
