/// One step of damped least squares for the arm: how the joints should move to make a pose error
/// smaller.
///
/// The step is wish + Jᵀ (J Jᵀ + damping I)⁻¹ (error - J wish): it minimises
/// |error - J step|² + damping |step - wish|². Errors and the Jacobian's columns are six numbers in
/// the lanes of a vector of eight.
struct DampedStep {
  private var columns: InlineArray<7, SIMD8<Double>>

  init(columns: InlineArray<7, SIMD8<Double>>) {
    self.columns = columns
  }

  /// Keeps a joint where it is.
  mutating func lock(_ joint: Int) {
    columns[joint] = .zero
  }

  /// - Parameters:
  ///   - error: What the step should undo.
  ///   - wish: A motion of the joints that is followed as far as it does not move the tip; 0 for
  ///     locked joints.
  ///   - damping: The square of the damping factor, > 0.
  func solve(error: SIMD8<Double>, wish: JointVector, damping: Double) -> JointVector {
    var rest = error
    var matrix = InlineArray<6, SIMD8<Double>>(repeating: .zero)
    for row in 0..<6 { matrix[row][row] = damping }
    for joint in 0..<JointVector.count {
      let column = columns[joint]
      rest -= wish[joint] * column
      for row in 0..<6 { matrix[row] += column[row] * column }
    }
    let multipliers = DampedStep.solve(&matrix, rest)
    var step = wish
    for joint in 0..<JointVector.count { step[joint] += (columns[joint] * multipliers).sum() }
    return step
  }

  /// Solves a symmetric positive definite system of six equations by elimination without pivoting.
  private static func solve(
    _ matrix: inout InlineArray<6, SIMD8<Double>>, _ right: SIMD8<Double>
  ) -> SIMD8<Double> {
    var right = right
    for pivot in 0..<6 {
      let inverse = 1 / matrix[pivot][pivot]
      for row in pivot + 1..<6 {
        let factor = matrix[row][pivot] * inverse
        matrix[row] -= factor * matrix[pivot]
        right[row] -= factor * right[pivot]
      }
    }
    var result = SIMD8<Double>.zero
    for row in stride(from: 5, through: 0, by: -1) {
      // lanes that are not known yet hold 0
      result[row] = (right[row] - (matrix[row] * result).sum()) / matrix[row][row]
    }
    return result
  }
}
