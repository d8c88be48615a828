/// How well an int8 weight stands for the numbers that it was made of.
package struct QuantizationError: Sendable {
  /// Sums over all elements: of the squared differences, and of the squared numbers.
  package fileprivate(set) var squaredError = 0.0
  package fileprivate(set) var squaredNorm = 0.0

  /// The root of the ratio; 0 for a weight of zeros.
  package var relative: Double {
    squaredNorm > 0 ? (squaredError / squaredNorm).squareRoot() : 0
  }
}

/// Taking tensors over from another checkpoint, piece by piece: neither is ever in memory whole.
extension CheckpointWriter {
  /// Numbers of one piece; small enough for every core to hold one.
  private static let pieceLength = 1 << 16

  /// Writes a tensor as the archive stores it.
  ///
  /// - Throws: `CheckpointError.missingTensor` or `.cannotWrite`.
  /// - Precondition: It was declared with the archive's shape and element type.
  package func copy(_ name: String, from archive: TensorArchive) throws {
    let place = place(of: name)
    try archive.withBytes(name) { bytes in
      try unsafe bytes.withUnsafeBytes { bytes in
        for range in Pieces.ranges(of: bytes.count, length: 16 * Self.pieceLength) {
          let piece = unsafe UnsafeRawBufferPointer(rebasing: bytes[range])
          try unsafe place.write(piece, atByte: range.lowerBound)
        }
      }
    }
    try archive.releasePages(of: name)
  }

  /// Writes a weight `[out, in]` as I8 and its scales beside it as F32 `[out, 1]`, under the name
  /// `TensorArchive.scaleName`: w ≈ q · scale, q = w / scale rounded to nearest, ties to even.
  ///
  /// - Throws: `CheckpointError`: missing, not floating-point, a number that is not finite, or it
  ///   cannot be written.
  /// - Precondition: Both were declared so; the weight has two sides, neither of them 0.
  package func addInt8(_ name: String, from archive: TensorArchive) throws -> QuantizationError {
    let (weights, scales) = (place(of: name), place(of: TensorArchive.scaleName(of: name)))
    let (rowCount, width) = (weights.declaration.shape[0], weights.declaration.shape[1])
    let pieces = Pieces.ranges(of: rowCount, length: max(1, Self.pieceLength / width))
    let errors = try Pieces.map(pieces.count) { piece in
      let rows = pieces[piece]
      let numbers = try archive.floats(
        name, elements: rows.lowerBound * width..<rows.upperBound * width)
      guard let quantized = RowQuantization(numbers, width: width) else {
        throw CheckpointError.notFinite(name, archive: archive.path)
      }
      try unsafe quantized.values.withUnsafeBytes {
        try unsafe weights.write($0, atByte: rows.lowerBound * width)
      }
      try scales.write(quantized.scales, at: rows.lowerBound)
      return QuantizationError(
        squaredError: quantized.squaredError, squaredNorm: quantized.squaredNorm)
    }
    try archive.releasePages(of: name)
    return errors.reduce(into: QuantizationError()) { sum, error in
      sum.squaredError += error.squaredError
      sum.squaredNorm += error.squaredNorm
    }
  }
}
