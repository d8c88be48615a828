/// Distances along a camera's axis, rows from the top.
package struct DepthImage: Equatable, Sendable {
  package let width: Int
  package let height: Int
  /// Row by row, in metres.
  package let metres: [Float]

  /// - Precondition: `metres.count` is `width * height`.
  package init(width: Int, height: Int, metres: [Float]) {
    precondition(
      metres.count == width * height, "\(metres.count) distances are no \(width)x\(height) picture")
    (self.width, self.height, self.metres) = (width, height, metres)
  }
}
