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

  /// - Parameter pictures: Of each picture the pixels, `[3, size, size]`, row-major.
  /// - Returns: `[pictureCount * (size / patchSize)², width]`, patches row by row.
  package func callAsFunction(
    _ pictures: [[Float]], imageSize size: Int, counting counter: inout MACCounter
  ) -> Matrix {
    let patchCount = (size / patchSize) * (size / patchSize)
    var patches: [Float] = []
    patches.reserveCapacity(pictures.count * patchCount * projection.inputWidth)
    for pixels in pictures { cut(pixels, imageSize: size, into: &patches) }
    return projection(
      Matrix(
        rows: pictures.count * patchCount, columns: projection.inputWidth, elements: patches),
      counting: &counter)
  }

  private func cut(_ pixels: [Float], imageSize size: Int, into patches: inout [Float]) {
    precondition(pixels.count == 3 * size * size, "\(pixels.count) values are no 3x\(size)x\(size)")
    let side = size / patchSize
    for patch in 0..<side * side {
      let (top, left) = (patch / side * patchSize, patch % side * patchSize)
      for channel in 0..<3 {
        for row in top..<top + patchSize {
          let start = (channel * size + row) * size + left
          patches.append(contentsOf: pixels[start..<start + patchSize])
        }
      }
    }
  }
}
