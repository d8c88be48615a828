/// A moment of an action while it is carried out, 20 of them a second.
package struct MotionSample: Sendable {
  /// Simulated seconds since the start of the episode.
  package var time: Double
  /// With pictures where these were asked for.
  package var observation: Observation
  /// In rad/s.
  package var jointVelocities: [Double]
  /// The whole state of the simulator.
  package var state: [Double]
  /// Whether the task is solved at this moment.
  package var isSolved: Bool

  package init(
    time: Double, observation: Observation, jointVelocities: [Double], state: [Double],
    isSolved: Bool
  ) {
    self.time = time
    self.observation = observation
    self.jointVelocities = jointVelocities
    self.state = state
    self.isSolved = isSolved
  }
}
