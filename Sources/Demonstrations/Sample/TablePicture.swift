internal import Foundation
internal import Images
internal import Manipulation

/// A table from above, 128 pixels a side: 0.8 m from near to far and from left to right.
enum TablePicture {
  private static let side = 128
  private static let pixelsPerMetre = 160.0

  /// - Parameters:
  ///   - thing: Its place in the world; a square 6 cm wide, turned by `yaw`.
  ///   - gripper: Two fingers, drawn smaller the higher they are; apart when `open`.
  static func draw(
    thing: SIMD3<Double>, yaw: Double, color: SIMD3<UInt8>, gripper: SIMD3<Double>, open: Bool
  ) -> RGBImage {
    var image = RGBImage(filling: side, side, with: [197, 159, 83])
    fill(&image, around: thing, yaw: yaw, halfSize: [0.03, 0.03], color: color)
    let scale = 1 - 0.5 * min(1, max(0, gripper.z - 0.75))
    for sign in [-1.0, 1.0] {
      let offset = sign * (open ? 0.04 : 0.02) * scale
      let finger = gripper + SIMD3(-sin(yaw) * offset, cos(yaw) * offset, 0)
      fill(
        &image, around: finger, yaw: yaw, halfSize: [0.02 * scale, 0.008 * scale],
        color: [60, 60, 70])
    }
    return image
  }

  private static func fill(
    _ image: inout RGBImage, around place: SIMD3<Double>, yaw: Double, halfSize: SIMD2<Double>,
    color: SIMD3<UInt8>
  ) {
    for row in 0..<side {
      for column in 0..<side {
        // Far is up, as a front camera's picture; the table's middle is at (0.25, 0).
        let x = 0.25 + (Double(side) / 2 - Double(row)) / pixelsPerMetre - place.x
        let y = (Double(side) / 2 - Double(column)) / pixelsPerMetre - place.y
        let along = x * cos(yaw) + y * sin(yaw)
        let across = y * cos(yaw) - x * sin(yaw)
        guard abs(along) <= halfSize.x, abs(across) <= halfSize.y else { continue }
        let start = (row * side + column) * 3
        for channel in 0..<3 { image.pixels[start + channel] = color[channel] }
      }
    }
  }
}
