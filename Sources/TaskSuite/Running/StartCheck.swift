internal import Manipulation
internal import Physics

/// Says why a drawn start cannot be used.
struct StartCheck {
  let scene: TaskScene

  /// Overlap of free bodies that settling does away with, in metres.
  private static let tolerance = 0.001

  /// What touches or overlaps that must not, in words for a person.
  func obstacle(in world: World) -> String? {
    for contact in world.contacts where contact.distance <= 0 {
      let first = scene.model.body(of: contact.first)
      let second = scene.model.body(of: contact.second)
      if scene.parts.robot.contains(first) != scene.parts.robot.contains(second) {
        return "the robot touches \(name(scene.parts.robot.contains(first) ? second : first))"
      }
      if contact.distance < -Self.tolerance, owner(of: first) != nil, owner(of: second) != nil,
        owner(of: first) != owner(of: second)
      {
        return "\(name(first)) and \(name(second)) overlap"
      }
    }
    return nil
  }

  /// A body that does not lie above the table, in words for a person.
  func stray(in world: World) -> String? {
    for body in scene.workspaceBodies where !Table.isAbove(world.pose(of: body).position) {
      return "\(name(body)) is not above the table"
    }
    return nil
  }

  /// The free body that a body hangs on or is.
  private func owner(of body: Body) -> Body? {
    scene.parts.freeBodies.first { scene.model.isBody(body, within: $0) }
  }

  private func name(_ body: Body) -> String { scene.model.name(of: body) ?? "a body" }
}

/// The table's top.
enum Table {
  static let height = 0.75
  static let x = -0.484...1.106
  static let y = -0.55...0.55

  /// Whether a body's frame is over the top; frames may lie a little below the surface.
  static func isAbove(_ position: SIMD3<Double>) -> Bool {
    x.contains(position.x) && y.contains(position.y) && position.z > height - 0.01
  }
}
