internal import Foundation

/// The shape of a method's mark, so that colour is not all that tells methods apart.
enum MarkShape: CaseIterable {
  case disc
  case square
  case triangle
  case diamond
  case invertedTriangle
  case pentagon

  static func of(_ index: Int) -> MarkShape { allCases[index % allCases.count] }

  /// The corners of the shape about `center`; shapes look equally large.
  func corners(at center: Point, radius: Double) -> [Point] {
    let (count, turn, scale): (Int, Double, Double) =
      switch self {
      case .disc: (24, 0, 0.95)
      case .square: (4, .pi / 4, 1.2)
      case .triangle: (3, 0, 1.3)
      case .diamond: (4, 0, 1.25)
      case .invertedTriangle: (3, .pi, 1.3)
      case .pentagon: (5, 0, 1.1)
      }
    return (0..<count).map { corner in
      let angle = turn + 2 * .pi * Double(corner) / Double(count)
      return Point(
        center.x + radius * scale * sin(angle), center.y - radius * scale * cos(angle))
    }
  }
}
