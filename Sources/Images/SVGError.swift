package import Failures

/// What can go wrong when a drawing becomes a picture.
package enum SVGError: ExplainedError, Equatable {
  /// The text is no SVG that librsvg reads; `reason` is librsvg's own.
  case unreadable(reason: String)
  /// The drawing has no size in pixels, only relative lengths.
  case noSize
  /// The picture would be larger than is sensible.
  case tooLarge(width: Double, height: Double)
  /// The drawing library failed; `reason` is its own.
  case notDrawn(reason: String)

  package var kind: FailureKind {
    switch self {
    case .unreadable, .noSize, .tooLarge: .badData
    case .notDrawn: .internalFault
    }
  }

  package var description: String {
    switch self {
    case .unreadable(let reason):
      "The drawing is no SVG that can be read (\(reason)); expected a well-formed SVG document."
    case .noSize:
      "The SVG drawing has no size; give its root element a width and a height in pixels."
    case .tooLarge(let width, let height):
      "The SVG drawing would be \(width) by \(height) pixels, more than"
        + " \(SVGRenderer.largestSide) a side; draw it smaller."
    case .notDrawn(let reason):
      "The drawing library could not draw the figure (\(reason)); please report this."
    }
  }
}
