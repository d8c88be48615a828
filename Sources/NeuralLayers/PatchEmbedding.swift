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
    projection(
      PatchEmbedding.cut(pictures, imageSize: size, patchSize: patchSize), counting: &counter)
  }

  /// The patches that a projection reads.
  ///
  /// - Returns: `[pictureCount * (size / patchSize)², 3 * patchSize * patchSize]`.
  package static func cut(_ pictures: [[Float]], imageSize size: Int, patchSize: Int) -> Matrix {
    let patchCount = (size / patchSize) * (size / patchSize)
    let width = 3 * patchSize * patchSize
    var patches: [Float] = []
    patches.reserveCapacity(pictures.count * patchCount * width)
    for pixels in pictures { cut(pixels, imageSize: size, patchSize, into: &patches) }
    return Matrix(rows: pictures.count * patchCount, columns: width, elements: patches)
  }

  private static func cut(
    _ pixels: [Float], imageSize size: Int, _ patchSize: Int, into patches: inout [Float]
  ) {
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
