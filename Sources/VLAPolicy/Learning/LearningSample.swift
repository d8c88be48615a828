package import Manipulation
package import TensorMath

/// One observation with what was demonstrated.
package struct LearningSample: Sendable {
  /// Of the side that the policy's configuration says, as its resize makes it.
  package var picture: RGBImage
  /// The prompt, beginning of sequence first; the picture's tokens go after it.
  package var promptIDs: [Int]
  /// What a policy with `Configuration.gripper` is told, `GripperState.width` numbers; else empty.
  package var gripper: [Float]
  /// `[chunk, 7]`, normalised.
  package var actions: Matrix
  /// `[chunk]`: false after the end of the episode; such steps are no part of the loss.
  package var isValid: [Bool]
  /// The number of the episode in its set.
  package var episode: Int
  /// The key frame in the episode.
  package var step: Int

  package init(
    picture: RGBImage, promptIDs: [Int], gripper: [Float] = [], actions: Matrix, isValid: [Bool],
    episode: Int, step: Int
  ) {
    self.picture = picture
    self.promptIDs = promptIDs
    self.gripper = gripper
    self.actions = actions
    self.isValid = isValid
    self.episode = episode
    self.step = step
  }
}
