/// One number for each of the arm's seven joints, from the base to the hand: angles (rad), speeds
/// (rad/s) or differences of them.
package struct JointVector: Equatable, Sendable {
  package static let count = 7
  package static let zero = JointVector(lanes: .zero)

  /// The eighth lane is always 0.
  var lanes: SIMD8<Double>

  init(lanes: SIMD8<Double>) {
    self.lanes = lanes
  }

  /// - Precondition: `values` has seven elements.
  package init(_ values: [Double]) {
    precondition(values.count == JointVector.count, "\(values.count) values for seven joints")
    lanes = .zero
    for (joint, value) in values.enumerated() { lanes[joint] = value }
  }

  package subscript(joint: Int) -> Double {
    get { lanes[joint] }
    set {
      precondition(joint < JointVector.count, "joint \(joint) of seven")
      lanes[joint] = newValue
    }
  }

  /// The seven numbers in order.
  package var values: [Double] { (0..<JointVector.count).map { lanes[$0] } }

  /// The largest absolute value.
  package var largest: Double {
    var result = 0.0
    for joint in 0..<JointVector.count {
      let size = abs(lanes[joint])
      result = size > result ? size : result
    }
    return result
  }

  /// The Euclidean length.
  package var length: Double { (lanes * lanes).sum().squareRoot() }

  package static func + (left: JointVector, right: JointVector) -> JointVector {
    JointVector(lanes: left.lanes + right.lanes)
  }

  package static func - (left: JointVector, right: JointVector) -> JointVector {
    JointVector(lanes: left.lanes - right.lanes)
  }

  package static func * (factor: Double, vector: JointVector) -> JointVector {
    JointVector(lanes: factor * vector.lanes)
  }

  /// The values cut to what lies between `lower` and `upper`.
  func clamped(from lower: JointVector, to upper: JointVector) -> JointVector {
    var result = lanes
    result.replace(with: lower.lanes, where: result .< lower.lanes)
    result.replace(with: upper.lanes, where: result .> upper.lanes)
    return JointVector(lanes: result)
  }
}
