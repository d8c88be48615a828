/// How close a predicted action came to the demonstrated one.
package struct ActionComparison: Equatable, Sendable {
  /// The distance of the two target positions in metres.
  package let positionError: Double
  /// The geodesic distance of the two target orientations in degrees, in [0, 180].
  package let rotationError: Double
  /// Whether both open, or both close, the gripper.
  package let gripperAgreement: Bool

  /// Compares two actions taken from the same gripper pose.
  ///
  /// - Returns: `nil` when a number of either is not finite.
  package init?(predicted: Action, demonstrated: Action) {
    guard predicted.isFinite, demonstrated.isFinite else { return nil }
    // Both displacements start at the same place, so it cancels.
    let difference = predicted.translation - demonstrated.translation
    positionError = (difference * difference).sum().squareRoot()
    // Equal angles are equal orientations; their quaternions' product rounds.
    rotationError =
      predicted.eulerAngles == demonstrated.eulerAngles
      ? 0 : predicted.rotation.angle(to: demonstrated.rotation) * 180 / .pi
    gripperAgreement = predicted.opensGripper == demonstrated.opensGripper
  }

  /// Whether both errors are at most so many metres and degrees, and the grippers agree.
  package func matches(position metres: Double, rotation degrees: Double) -> Bool {
    positionError <= metres && rotationError <= degrees && gripperAgreement
  }
}

extension Action {
  /// Whether every number is finite, in single precision as it is recorded.
  package var isFinite: Bool { vector.allSatisfy(\.isFinite) }
}
