/// How a task's start is drawn.
package struct PlacementRule: Equatable, Sendable {
  /// Where the task's root may stand, world metres.
  package var x: ClosedRange<Double>
  package var y: ClosedRange<Double>
  /// Its turn about the vertical in radians.
  package var yaw: ClosedRange<Double>
  /// Draws until the start fails.
  package var attempts: Int
  package var joints: [JointDraw]
  package var bodies: [BodyDraw]

  /// A joint's first value in rad or m.
  package struct JointDraw: Equatable, Sendable {
    package var joint: String
    package var range: ClosedRange<Double>
    package var line: Int
  }

  /// Where a free body lies at first: at a site or where it is authored, then moved by an offset.
  package struct BodyDraw: Equatable, Sendable {
    package var body: String
    /// Sites of which one is drawn; bodies with the same list get different ones. Empty: none.
    package var sites: [String]
    /// Along the root's axes in metres.
    package var x: ClosedRange<Double>
    package var y: ClosedRange<Double>
    /// About the vertical in radians.
    package var yaw: ClosedRange<Double>
    package var line: Int
  }
}
