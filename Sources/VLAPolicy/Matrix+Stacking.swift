internal import TensorMath

extension Matrix {
  /// Matrices of the same width below one another.
  ///
  /// - Precondition: There is at least one.
  init(stacking parts: [Matrix]) {
    guard parts.count > 1 else {
      self = parts[0]
      return
    }
    var elements: [Float] = []
    elements.reserveCapacity(parts.reduce(0) { $0 + $1.elements.count })
    for part in parts { elements += part.elements }
    self.init(
      rows: parts.reduce(0) { $0 + $1.rows }, columns: parts[0].columns, elements: elements)
  }

  /// The undoing of `init(stacking:)` for parts of equal height.
  func split(into count: Int) -> [Matrix] {
    count > 1 ? (0..<count).map { part($0, of: count) } : [self]
  }

  /// One of `count` parts of equal height.
  func part(_ index: Int, of count: Int) -> Matrix {
    let height = rows / count
    return rows(index * height..<(index + 1) * height)
  }
}
