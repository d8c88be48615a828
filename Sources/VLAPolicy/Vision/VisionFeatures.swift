package import Manipulation
internal import NeuralLayers
package import TensorMath

/// Pictures → visual tokens: pre-processing, the towers, and the projector to the language model.
package struct VisionFeatures: Sendable {
  private let image: ImageConfiguration
  private let towers: [VisionTower]
  private let projector: FeedForward

  init(_ configuration: Configuration, loader: ParameterLoader) throws {
    image = configuration.image
    towers = try configuration.towers.map { tower in
      try VisionTower(
        tower,
        keys: TowerKeys(
          tower, imageSize: configuration.image.size, layout: configuration.layout),
        imageSize: configuration.image.size, loader: loader)
    }
    projector = FeedForward(
      try ProjectorKeys(configuration).layers.map { try loader.linear($0) }, activation: .gelu)
  }

  /// - Parameters:
  ///   - pictures: One a sample, at least one.
  ///   - traces: One a sample.
  /// - Returns: Visual tokens, one `[patchCount, languageWidth]` a sample, patches row by row.
  package func callAsFunction(
    _ pictures: [RGBImage], meter: inout ComputeMeter, traces: inout [Trace]
  ) -> [Matrix] {
    let features = meter.measure(.vision) { counter in
      let pixels = pictures.map(normalizedPixels)
      for (sample, pixels) in pixels.enumerated() {
        traces[sample].record(
          "pixels", shape: [3 * towers.count, image.size, image.size], pixels.flatMap(\.self))
      }
      return towers.enumerated().map { index, tower in
        let features = tower(pixels.map { $0[index] }, counting: &counter)
        for sample in pictures.indices {
          traces[sample].record(
            "vision.\(tower.configuration.name)", features.part(sample, of: pictures.count))
        }
        return features
      }
    }
    return meter.measure(.projector) { counter in
      let projected = projector(joinColumns(features), counting: &counter)
        .split(into: pictures.count)
      for (sample, tokens) in projected.enumerated() {
        traces[sample].record("projected", tokens)
      }
      return projected
    }
  }

  /// The products of `vision` (those of the towers' blocks) or `projector`, with nothing between
  /// them.
  package func bareProducts(of part: PolicyPart) -> [BareProducts] {
    switch part {
    case .vision: towers.map(\.bareProducts)
    case .projector:
      [
        BareProducts(
          projector.products,
          tokenCount: towers.first?.configuration.patchCount(imageSize: image.size) ?? 0)
      ]
    default: []
    }
  }

  /// One `[3, size, size]` a tower: the same picture with each tower's own statistics.
  private func normalizedPixels(of picture: RGBImage) -> [[Float]] {
    towers.map { image.normalizedPixels(of: picture, for: $0.configuration) }
  }
}

/// Puts the columns of several matrices side by side.
private func joinColumns(_ parts: [Matrix]) -> Matrix {
  guard parts.count > 1 else { return parts[0] }
  let rows = parts[0].rows
  var elements: [Float] = []
  elements.reserveCapacity(rows * parts.reduce(0) { $0 + $1.columns })
  for row in 0..<rows {
    for part in parts {
      elements.append(contentsOf: part.elements[row * part.columns..<(row + 1) * part.columns])
    }
  }
  return Matrix(rows: rows, columns: elements.count / rows, elements: elements)
}
