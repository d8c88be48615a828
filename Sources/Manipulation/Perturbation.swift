/// A way in which an episode's world may differ from the plain one; each follows from the seed.
package enum Perturbation: String, CaseIterable, Codable, Sendable {
  /// Direction, brightness and tint of the lights.
  case lighting
  /// Colours and pattern of the table top.
  case tableTexture = "table_texture"
  /// Place and direction of the fixed cameras.
  case cameraPose = "camera_pose"
  /// Colours of the task's objects.
  case objectColour = "object_colour"
  /// Other things on the table.
  case distractors
  /// Another wording of the instruction.
  case instruction
}
