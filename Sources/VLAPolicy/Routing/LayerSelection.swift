package import TensorMath

/// What a selection may look at before the first layer runs.
package struct RoutingInput: Sendable {
  /// The language model's input, `[tokenCount, width]`: beginning of sequence, picture, text.
  package let embeddings: Matrix
  private let finalNorm: @Sendable (Matrix) -> Matrix
  /// The rows of the picture.
  package let imageTokens: Range<Int>
  package let layerCount: Int
  /// Seeds what is random in the choice.
  package let seed: UInt64

  package init(
    embeddings: Matrix, imageTokens: Range<Int>, layerCount: Int, seed: UInt64,
    finalNorm: @escaping @Sendable (Matrix) -> Matrix
  ) {
    self.embeddings = embeddings
    self.finalNorm = finalNorm
    self.imageTokens = imageTokens
    self.layerCount = layerCount
    self.seed = seed
  }

  /// The embeddings after the language model's final norm; computed, and so paid for, by who asks.
  package var normalizedEmbeddings: Matrix { finalNorm(embeddings) }

  /// The rows that are no picture.
  package var textTokens: [Int] {
    (0..<embeddings.rows).filter { !imageTokens.contains($0) }
  }
}

/// The tokens that one layer processes, in the order of their positions.
package struct TokenChoice: Equatable, Sendable {
  package let rows: [Int]
  /// How much of the layer's change each of them takes; `nil` means all of it.
  package let gates: [Float]?

  package init(rows: [Int], gates: [Float]?) {
    self.rows = rows
    self.gates = gates
  }
}

/// Decides which layers of the language model run for one observation.
///
/// Three questions, each with an answer that changes nothing: which layers (all), which tokens in
/// a layer that runs (all), and when to stop before the last (never). A layer that is not chosen
/// is not executed. Where everything is chosen the result equals the dense model bit for bit.
package protocol LayerSelection: Sendable {
  /// One decision per observation, before the first layer.
  func layers(
    for input: RoutingInput, counting counter: inout MACCounter, trace: inout Trace
  ) -> [Bool]

  /// The tokens that `layer` processes, or `nil` for all.
  ///
  /// - Parameters:
  ///   - hidden: The states before the layer, observations below one another.
  ///   - rows: Those of the observation that is asked about; the answer counts from their first.
  ///     What is counted is the same for every row.
  func tokens(
    atLayer layer: Int, hidden: Matrix, rows: Range<Int>, counting counter: inout MACCounter
  ) -> TokenChoice?

  /// When the model may stop before its last layer.
  var exitRule: ExitRule? { get }

  /// Whether the normed embeddings replace the language model's input, as in MoLe's public code.
  var normalizesInput: Bool { get }
}

extension LayerSelection {
  package func layers(
    for input: RoutingInput, counting counter: inout MACCounter, trace: inout Trace
  ) -> [Bool] {
    [Bool](repeating: true, count: input.layerCount)
  }

  package func tokens(
    atLayer layer: Int, hidden: Matrix, rows: Range<Int>, counting counter: inout MACCounter
  ) -> TokenChoice? {
    nil
  }

  package var exitRule: ExitRule? { nil }

  package var normalizesInput: Bool { false }
}

/// The indices of the `count` largest values, ascending; among equals the lowest index wins.
package func indicesOfLargest(_ count: Int, in values: [Float]) -> [Int] {
  values.indices
    .sorted { values[$0] != values[$1] ? values[$0] > values[$1] : $0 < $1 }
    .prefix(count).sorted()
}

/// The index of the largest value; among equals the lowest wins.
///
/// - Precondition: There is a value.
func indexOfLargest(in values: [Float]) -> Int {
  var best = 0
  for index in values.indices where values[index] > values[best] { best = index }
  return best
}
