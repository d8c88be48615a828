internal import Physics

/// A task's compiled world, in which everything is that its `task.yaml` names.
///
/// It may be shared by any number of environments and threads.
package struct TaskScene: Sendable {
  package let definition: TaskDefinition
  let composition: SceneComposition
  /// The task's `scene.xml`, for complaints.
  let scenePath: String
  let model: SceneModel
  let parts: SceneParts
  /// What each variation asks for.
  let variations: [VariationParts]

  /// Reads, checks and compiles a task.
  ///
  /// - Throws: `TaskError` naming file and line.
  package init(task name: String, library: TaskLibrary) throws(TaskError) {
    let definition = try library.task(name)
    let composition = try SceneComposition(task: definition, files: library.files(of: name))
    try self.init(definition, composition, scenePath: library.files(of: name).scene)
  }

  init(
    _ definition: TaskDefinition, _ composition: SceneComposition, scenePath: String
  ) throws(TaskError) {
    self.definition = definition
    self.composition = composition
    self.scenePath = scenePath
    let model: SceneModel
    do {
      model = try SceneModel(
        mjcf: composition.mjcf, files: composition.files, name: definition.name)
    } catch {
      guard case .badModel(_, let problem) = error else {
        throw TaskScene.invalid(error, scenePath)
      }
      throw composition.complaint(about: problem)
    }
    self.model = model
    let resolver = SceneResolver(model: model, path: definition.path)
    try resolver.checkRoot()
    let graspable = try resolver.graspable(of: definition)
    let objects = try resolver.bodies(definition.objects, line: definition.line(of: "objects"))
    do {
      parts = try SceneParts(model, graspable: graspable, objects: objects)
    } catch {
      throw TaskScene.invalid(error, scenePath)
    }
    _ = try resolver.freeBodies(
      definition.workspaceObjects ?? [], line: definition.line(of: "workspace_objects"))
    var variations: [VariationParts] = []
    for variation in definition.variations {
      variations.append(try resolver.variation(variation, graspable: definition.graspable))
    }
    self.variations = variations
  }

  /// The world as one MJCF text.
  package var mjcf: String { model.mjcf }

  private static func invalid(_ error: PhysicsError, _ path: String) -> TaskError {
    switch error {
    case .badModel(_, let problem), .engine(let problem):
      .invalidScene(path: path, problem: problem)
    default: .invalidScene(path: path, problem: "\(error)")
    }
  }

  /// The free bodies that must stay above the table.
  var workspaceBodies: [Body] {
    guard let names = definition.workspaceObjects else { return parts.freeBodies }
    return names.compactMap { model.find($0) }
  }
}
