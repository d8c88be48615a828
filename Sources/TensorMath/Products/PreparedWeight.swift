import Synchronization

/// A weight `[out, in]` for products with tokens, laid out for them when it is first used: what is
/// never used is never read.
package final class PreparedWeight: Sendable {
  package let outputWidth: Int
  package let inputWidth: Int
  /// What tokens must be converted to.
  package let precision: Precision
  let stored: any StoredWeight
  private let canPack: Bool
  private let made = Mutex<Form?>(nil)

  enum Form: Sendable {
    case packed(PackedWeight)
    /// As it is stored; every product converts it, a few rows at a time.
    case stored
  }

  /// - Parameters:
  ///   - precision: What products run in; 32-bit floats where the processor lacks it. There a
  ///     packed copy would be larger than what is stored, and a checkpoint that fits the memory
  ///     might not any more: the weight stays as it is, and every product converts it.
  ///   - packing: Whether the weight may be laid out anew; if not, every product converts it.
  package init(
    _ stored: any StoredWeight, outputWidth: Int, inputWidth: Int, precision: Precision,
    packing: Bool = true
  ) {
    self.stored = stored
    self.outputWidth = outputWidth
    self.inputWidth = inputWidth
    canPack = packing && precision.isNative && (precision != .float32 || OneDNN.multipliesFloats)
    self.precision = packing && precision.isNative ? precision : .float32
  }

  /// A weight in memory, for products in 32-bit floats.
  package convenience init(_ matrix: Matrix) {
    self.init(
      MatrixWeight(matrix: matrix), outputWidth: matrix.rows, inputWidth: matrix.columns,
      precision: .float32)
  }

  func form() -> Form {
    made.withLock { made in
      if let made { return made }
      let form = makeForm()
      made = form
      return form
    }
  }

  private func makeForm() -> Form {
    guard canPack,
      let weight = PackedWeight(
        stored, outer: outputWidth, inner: inputWidth, precision: precision)
    else { return .stored }
    return .packed(weight)
  }
}
