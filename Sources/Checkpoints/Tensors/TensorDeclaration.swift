/// A tensor that is going to be written.
package struct TensorDeclaration: Equatable, Sendable {
  package var name: String
  package var shape: [Int]
  package var elementType: ElementType

  package init(name: String, shape: [Int], elementType: ElementType = .float32) {
    self.name = name
    self.shape = shape
    self.elementType = elementType
  }

  /// - Precondition: No side is negative and the size fits `Int`.
  var byteCount: Int {
    guard let byteCount = elementType.byteCount(ofShape: shape) else {
      preconditionFailure("'\(name)' has the impossible shape \(shape)")
    }
    return byteCount
  }

  var elementCount: Int { byteCount / elementType.byteCount }
}
