package import TensorMath

/// Cuts a picture into square patches and maps each to a token (a convolution whose stride is its
/// kernel size).
package struct PatchEmbedding: Sendable {
  private let projection: Linear
  private let patchSize: Int

  /// - Parameter projection: `[width, 3 * patchSize * patchSize]`: channels, rows, columns.
  package init(projection: Linear, patchSize: Int) {
    self.projection = projection
    self.patchSize = patchSize
  }

  /// - Parameter pixels: `[3, size, size]`, row-major.
  /// - Returns: `[(size / patchSize)², width]`, patches row by row.
  package func callAsFunction(
    _ pixels: [Float], imageSize size: Int, counting counter: inout MACCounter
  ) -> Matrix {
    precondition(pixels.count == 3 * size * size, "\(pixels.count) values are no 3x\(size)x\(size)")
    let side = size / patchSize
    var patches: [Float] = []
    patches.reserveCapacity(side * side * projection.inputWidth)
    for patch in 0..<side * side {
      let (top, left) = (patch / side * patchSize, patch % side * patchSize)
      for channel in 0..<3 {
        for row in top..<top + patchSize {
          let start = (channel * size + row) * size + left
          patches.append(contentsOf: pixels[start..<start + patchSize])
        }
      }
    }
    return projection(
      Matrix(rows: side * side, columns: projection.inputWidth, elements: patches),
      counting: &counter)
  }
}
