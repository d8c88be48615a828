import NeuralLayers
import TensorMath
import VLAPolicy

/// Feed-forward blocks whole and in experts of neighbouring neurons: where the parts of one are in the
/// other.
struct DenseBlocks {
  static let expertCount = 4
  private let configuration: Configuration

  init(_ configuration: Configuration) { self.configuration = configuration }

  /// One weight of an expert.
  struct Part {
    /// The dense block's tensor that it is a part of.
    let dense: String
    let expert: Int
    let isDown: Bool

    init?(_ name: String) {
      guard let found = name.firstMatch(of: /\.mlp\.experts\.([0-9]+)\./),
        let expert = Int(found.1)
      else { return nil }
      self.expert = expert
      dense = name.replacing(found.0, with: ".mlp.")
      isDown = name.hasSuffix("down_proj.weight")
    }

    func values(of weight: Matrix) -> [Float] {
      let neurons = isDown ? weight.columns : weight.rows
      guard let split = ExpertSplit.contiguous(neurons, expertCount: DenseBlocks.expertCount)
      else { return [] }
      return isDown
        ? split.columns(of: weight, expert: expert).elements
        : split.rows(of: weight, expert: expert).elements
    }
  }

  /// Numbers in experts as those of the dense policy, and after them all that it lacks.
  func joined(
    _ values: FloatStorage, _ layout: ParameterLayout
  ) -> (FloatStorage, ParameterLayout) {
    let dense = configuration.parameters
    let known = Set(dense.map(\.name))
    let extra = layout.parameters.filter {
      Part($0.name) == nil && !known.contains($0.name)
    }
    let whole = ParameterLayout(dense, extra: extra)
    let result = FloatStorage(count: whole.count)
    for parameter in layout.parameters {
      guard let source = layout.range(of: parameter.name) else { continue }
      let own = values.withSpan(source) { span in span.indices.map { span[$0] } }
      let part = Part(parameter.name)
      guard let target = whole.range(of: part?.dense ?? parameter.name) else { continue }
      let places = part.map { self.places($0, parameter) } ?? Array(own.indices)
      result.withMutableSpan(target) { span in
        for (number, place) in zip(own, places) { span[place] = number }
      }
    }
    return (result, whole)
  }

  /// Where the numbers of a part are in the dense tensor.
  private func places(_ part: Part, _ parameter: Parameter) -> [Int] {
    let (rows, columns) = (parameter.shape[0], parameter.shape[1])
    return (0..<rows * columns).map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      return part.isDown
        ? row * columns * Self.expertCount + part.expert * columns + column
        : (part.expert * rows + row) * columns + column
    }
  }
}
