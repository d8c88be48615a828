/// What is seen in each pixel of a picture.
package struct SegmentationPicture: Equatable, Sendable {
  package let width: Int
  package let height: Int
  /// The number of the geom in each pixel, rows from the top; -1 where nothing is.
  package let geoms: [Int32]

  /// The geom that is seen in a pixel.
  ///
  /// - Precondition: The pixel lies in the picture.
  package func geom(column: Int, row: Int) -> Geom? {
    precondition(
      0..<width ~= column && 0..<height ~= row, "no pixel (\(column), \(row)) in \(width)x\(height)"
    )
    let index = geoms[row * width + column]
    return index < 0 ? nil : Geom(Int(index))
  }

  /// How many pixels show each geom.
  package var areas: [Geom: Int] {
    var areas: [Geom: Int] = [:]
    for index in geoms where index >= 0 { areas[Geom(Int(index)), default: 0] += 1 }
    return areas
  }

  /// How many pixels show a body or what hangs on it.
  package func area(of body: Body, in model: SceneModel) -> Int {
    areas.reduce(0) { sum, area in
      model.isBody(model.body(of: area.key), within: body) ? sum + area.value : sum
    }
  }

  /// Each pixel's body number, rows from the top; -1 where nothing is.
  package func bodies(in model: SceneModel) -> [Int32] {
    let bodies = model.geoms.map { Int32(model.body(of: $0).index) }
    return geoms.map { $0 < 0 ? -1 : bodies[Int($0)] }
  }
}
