import Foundation
package import TensorMath

/// Rotary position embedding (Su et al., 2021) in the half-split layout of Hugging Face's Llama:
/// channel i of a head turns with channel i + headWidth/2.
package struct RotaryEmbedding: Sendable {
  private let halfWidth: Int
  /// `[tokenCount, halfWidth]`.
  private let cosines: Matrix
  private let sines: Matrix

  /// - Parameters:
  ///   - positions: One position a token.
  ///   - headWidth: The even width of one head.
  package init(positions: [Int], headWidth: Int, theta: Float) {
    self.init(
      positions: positions,
      frequencies: (0..<headWidth / 2).map { 1 / powf(theta, Float(2 * $0) / Float(headWidth)) })
  }

  /// - Parameters:
  ///   - positions: One position a token.
  ///   - frequencies: Radians a position for each pair of channels, `[headWidth / 2]`.
  package init(positions: [Int], frequencies: [Float]) {
    halfWidth = frequencies.count
    let angles = positions.flatMap { position in frequencies.map { Float(position) * $0 } }
    cosines = Matrix(rows: positions.count, columns: halfWidth, elements: angles.map(cosf))
    sines = Matrix(rows: positions.count, columns: halfWidth, elements: angles.map(sinf))
  }

  private init(halfWidth: Int, cosines: Matrix, sines: Matrix) {
    self.halfWidth = halfWidth
    self.cosines = cosines
    self.sines = sines
  }

  /// The embedding of the tokens at `indices` only, with their original positions.
  package func gathering(_ indices: [Int]) -> RotaryEmbedding {
    RotaryEmbedding(
      halfWidth: halfWidth, cosines: cosines.gathering(indices), sines: sines.gathering(indices))
  }

  /// Rotates every head of every token in place.
  ///
  /// - Parameter tokens: `[tokenCount, headCount * headWidth]`.
  package func rotate(_ tokens: inout Matrix) {
    precondition(tokens.rows == cosines.rows, "\(tokens.rows) tokens, \(cosines.rows) positions")
    tokens.forEachRow { rotate(token: $0, &$1, sign: 1) }
  }

  /// The same for the rows of a buffer on the calling thread, or the turn back.
  func rotate(_ tokens: inout MutableSpan<Float>, columns: Int, backwards: Bool) {
    precondition(tokens.count == cosines.rows * columns, "\(cosines.rows) positions for others")
    for index in 0..<cosines.rows {
      var row = tokens._mutatingExtracting(index * columns..<(index + 1) * columns)
      rotate(token: index, &row, sign: backwards ? -1 : 1)
    }
  }

  @inline(__always)
  private func rotate(token index: Int, _ row: inout MutableSpan<Float>, sign: Float) {
    let (half, width) = (halfWidth, 2 * halfWidth)
    let cosine = cosines.elements.span.extracting(index * half..<(index + 1) * half)
    let sine = sines.elements.span.extracting(index * half..<(index + 1) * half)
    for head in stride(from: 0, to: row.count, by: width) {
      var channels = row._mutatingExtracting(head..<head + width)
      for i in 0..<half {
        let (a, b) = (channels[i], channels[i + half])
        channels[i] = a * cosine[i] - b * sine[i] * sign
        channels[i + half] = b * cosine[i] + a * sine[i] * sign
      }
    }
  }
}
