internal import Manipulation
internal import Physics

/// The cameras that an environment looks through.
final class Eyes {
  private let scene: TaskScene
  private let renderer: SceneRenderer
  private var cameras: [String: Camera] = [:]

  /// - Throws: `PhysicsError` when nothing can be drawn on this machine.
  init(_ scene: TaskScene, cameras names: [String], side: Int) throws {
    try Eyes.check(names, in: scene)
    self.scene = scene
    renderer = try SceneRenderer(model: scene.model, width: side, height: side)
    for name in names { cameras[name] = try scene.model.named(name) }
  }

  /// - Throws: `missingCamera`.
  static func check(_ names: [String], in scene: TaskScene) throws(TaskError) {
    let known = scene.model.cameras.compactMap { scene.model.name(of: $0) }
    if let missing = names.first(where: { !known.contains($0) }) {
      throw .missingCamera(missing.shown, known: known)
    }
  }

  /// Whether these draw worlds of `other`.
  func sees(_ other: TaskScene) -> Bool { scene.model === other.model }

  func picture(from name: String, of world: World) throws -> RGBImage {
    guard let camera = cameras[name] else {
      throw TaskError.missingCamera(name.shown, known: cameras.keys.sorted())
    }
    return try renderer.rgb(world, camera)
  }
}
