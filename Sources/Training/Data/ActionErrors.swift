package import Manipulation

/// How far sampled actions are from the demonstrated ones.
package struct ActionErrors: Codable, Equatable, Sendable {
  /// Within these an action counts as right: 2 cm, 15 degrees, and the gripper as demonstrated.
  package static let positionTolerance = 0.02
  package static let rotationTolerance = 15.0

  package let count: Int
  /// Distances of the target positions, mm.
  package let meanPosition: Double
  package let medianPosition: Double
  /// Geodesic distances of the target orientations, degrees.
  package let meanRotation: Double
  package let medianRotation: Double
  /// The share of samples whose gripper is as demonstrated.
  package let gripperAccuracy: Double
  /// The share of samples that are right.
  package let shareWithin: Double
  /// The mean over samples of the larger of both errors in shares of their tolerances, at most 1; 1
  /// where the gripper is wrong. Lower is better, down to 0; it tells apart what is nearly right.
  package let shortfall: Double

  private enum CodingKeys: String, CodingKey {
    case count
    case meanPosition = "mean_position_mm"
    case medianPosition = "median_position_mm"
    case meanRotation = "mean_rotation_degrees"
    case medianRotation = "median_rotation_degrees"
    case gripperAccuracy = "gripper_accuracy"
    case shareWithin = "share_within"
    case shortfall
  }

  /// - Precondition: There is a comparison.
  package init(_ comparisons: [ActionComparison]) {
    precondition(!comparisons.isEmpty, "no action to compare")
    let positions = comparisons.map { 1000 * $0.positionError }
    let rotations = comparisons.map(\.rotationError)
    count = comparisons.count
    meanPosition = positions.mean
    medianPosition = positions.median
    meanRotation = rotations.mean
    medianRotation = rotations.median
    gripperAccuracy = comparisons.map { $0.gripperAgreement ? 1 : 0 }.mean
    shareWithin =
      comparisons.map {
        $0.matches(position: Self.positionTolerance, rotation: Self.rotationTolerance) ? 1 : 0
      }.mean
    shortfall =
      comparisons.map {
        $0.gripperAgreement
          ? min(
            1,
            max(
              $0.positionError / Self.positionTolerance,
              $0.rotationError / Self.rotationTolerance)) : 1
      }.mean
  }

  /// Names, as columns of a table, and numbers.
  package var measures: [(name: String, value: Double)] {
    [
      (CodingKeys.shortfall.rawValue, shortfall),
      (CodingKeys.meanPosition.rawValue, meanPosition),
      (CodingKeys.medianPosition.rawValue, medianPosition),
      (CodingKeys.meanRotation.rawValue, meanRotation),
      (CodingKeys.medianRotation.rawValue, medianRotation),
      (CodingKeys.gripperAccuracy.rawValue, gripperAccuracy),
      (CodingKeys.shareWithin.rawValue, shareWithin),
    ]
  }
}

extension [Double] {
  fileprivate var mean: Double { reduce(0, +) / Double(count) }

  fileprivate var median: Double {
    let sorted = sorted()
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }
}
