internal import Manipulation
internal import Physics

/// An episode that goes on in a world.
struct RunningEpisode {
  let scene: TaskScene
  let world: World
  let perturbations: [Perturbation]
  let variation: Int
  let seed: UInt64
  let instruction: String
  /// The positions of the task's joints at the start.
  let startJoints: [Joint: Double]
  /// Simulated seconds at the start.
  let startTime: Double
  var expert: ScriptedExpert

  /// Whether the task is solved now.
  var isSolved: Bool {
    scene.variations[variation].conditions.hold(in: world, since: startJoints)
  }
}
