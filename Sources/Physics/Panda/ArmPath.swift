/// A way of the arm through joint space, without times.
package struct ArmPath: Equatable, Sendable {
  /// How the way was found.
  package enum Kind: String, Equatable, Sendable {
    /// The tip moves on a straight line and turns evenly.
    case line
    /// Every joint moves evenly.
    case joints
    /// Around obstacles.
    case detour
  }

  package var kind: Kind
  /// The joint angles to pass through in order, start and end included; neighbours are near each
  /// other.
  package var points: [JointVector]

  package init(kind: Kind, points: [JointVector]) {
    precondition(!points.isEmpty, "a path without points")
    self.kind = kind
    self.points = points
  }

  package var end: JointVector { points[points.count - 1] }

  /// A path along straight lines in joint space between `corners`, divided into pieces of at most
  /// `spacing` (rad) for each joint.
  package static func throughCorners(
    _ corners: [JointVector], kind: Kind, spacing: Double = 0.05
  ) -> ArmPath {
    var points = [corners[0]]
    for (start, end) in zip(corners, corners.dropFirst()) {
      let count = max(1, Int(((end - start).largest / spacing).rounded(.up)))
      for step in 1...count {
        points.append(start + (Double(step) / Double(count)) * (end - start))
      }
    }
    return ArmPath(kind: kind, points: points)
  }
}
