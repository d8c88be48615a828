/// The element type that a matrix product reads; sums are kept in 32-bit floats (or exact).
package enum Precision: String, CaseIterable, Codable, Sendable {
  case float32 = "f32"
  /// The upper half of a 32-bit float.
  case bfloat16 = "bf16"
  /// Bytes: weights with one scale an output channel, activations with one scale a token that is
  /// found while running (dynamic quantisation).
  case int8

  /// Whether this processor multiplies such elements itself; where it does not, weights stay as
  /// they are stored and products run in 32-bit floats.
  package var isNative: Bool {
    switch self {
    case .float32: true
    case .bfloat16: Processor.multipliesBFloat16 && OneDNN.multipliesBFloat16
    case .int8: Processor.multipliesBytes && OneDNN.multipliesBytes
    }
  }

  /// Whether a token's result is the same, bit for bit, however many tokens there are beside it.
  /// OpenBLAS, which runs where oneDNN has no code for the processor, has other code for few.
  package var ignoresOtherTokens: Bool { isNative && OneDNN.multipliesFloats }
}
