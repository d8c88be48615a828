package import Manipulation

/// One moment of a recording, as it is written to a file.
package struct RecordedFrame: Sendable {
  package var observation: Observation
  /// The way from this frame to the next key frame, whether or not this is one.
  package var action: Action
  /// Whether a policy is queried here: the first frame and every key frame with a successor.
  package var isKeyframe: Bool
  package var reward: Double
  package var isDone: Bool
  /// The simulator's state, where there is one.
  package var state: [Double]?
  /// What was carried out, where that was not `action` but something near it.
  package var executed: Action?
  /// More numbers by name, written as `obs/<name>`: `joint_velocities`, `gripper_matrix`, …
  package var extras: [String: [Double]]
  /// Depth by camera, written as `obs/<camera>_depth`.
  package var depths: [String: DepthImage] = [:]

  package init(
    observation: Observation, action: Action, isKeyframe: Bool, reward: Double = 0,
    isDone: Bool = false, state: [Double]? = nil, executed: Action? = nil,
    extras: [String: [Double]] = [:]
  ) {
    self.executed = executed
    self.observation = observation
    self.action = action
    self.isKeyframe = isKeyframe
    self.reward = reward
    self.isDone = isDone
    self.state = state
    self.extras = extras
  }
}

/// One demonstration, as it is written to a file.
///
/// All frames hold the same things: the same cameras and picture sizes, and either all or none
/// of them a pose, a gripper opening, joint positions, a state, and each extra.
package struct RecordedDemonstration: Sendable {
  package var instruction: String
  package var variation: Int
  package var seed: UInt64?
  package var success: Bool?
  /// Where it comes from: `rlbench`, `rlds:bridge`, `expert`, …
  package var source: String
  package var frames: [RecordedFrame]
  /// The simulated world as MJCF, where there is one.
  package var model: String?
  /// All wordings of the instruction, where the recording has several.
  package var instructions: [String] = []
  /// What happened between the frames, at the rate of the control; written beside them, as
  /// `motion/<name>`, where the frames are key frames alone.
  package var motion: [MotionSample] = []

  package init(
    instruction: String, variation: Int = 0, seed: UInt64? = nil, success: Bool? = nil,
    source: String, frames: [RecordedFrame], model: String? = nil
  ) {
    self.instruction = instruction
    self.variation = variation
    self.seed = seed
    self.success = success
    self.source = source
    self.frames = frames
    self.model = model
  }
}
