internal import Manipulation

extension Perturbation {
  /// The random numbers of this perturbation alone, so that one switched on changes no other.
  func generator(seed: UInt64) -> SeededGenerator {
    SeededGenerator(seed: SeededGenerator.derive(seed, ["perturbation", rawValue]))
  }

  /// Whether the world is another one, not only the words.
  var changesScene: Bool { self != .instruction }
}

extension TaskScene {
  /// The task's world as the perturbations make it for one episode; the same where none does.
  ///
  /// - Throws: `TaskError` when the changed scene does not compile.
  func perturbed(by perturbations: [Perturbation], seed: UInt64) throws(TaskError) -> TaskScene {
    // One order, whichever is given.
    let asked = Perturbation.allCases.filter { perturbations.contains($0) && $0.changesScene }
    guard !asked.isEmpty else { return self }
    var changed = composition
    for perturbation in asked {
      var generator = perturbation.generator(seed: seed)
      switch perturbation {
      case .lighting: changed.room.relight(using: &generator)
      case .tableTexture: changed.room.retexture(using: &generator)
      case .cameraPose: changed.room.moveCameras(using: &generator)
      case .objectColour: changed.objects.recolour(definition.objects, using: &generator)
      case .distractors: changed.objects.addDistractors(using: &generator)
      case .instruction: break
      }
    }
    return try TaskScene(definition, changed, scenePath: scenePath)
  }
}
