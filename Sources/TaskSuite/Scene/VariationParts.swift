internal import Manipulation
package import Physics

/// What one variation of a task names, found in its model; lists go along with the definition's.
struct VariationParts: Sendable {
  var conditions: [ConditionParts] = []
  /// The frames of the way points.
  var frames: [FrameParts] = []
  /// The carried bodies of the way points.
  var carried: [Body?] = []
  /// The joints that placement draws.
  var joints: [Joint] = []
  /// The bodies that placement draws, and the sites for each.
  var bodies: [Body] = []
  var sites: [[Site]] = []
}

/// A body or a site whose pose is a frame.
enum FrameParts: Sendable {
  case body(Body)
  case site(Site)

  func pose(in world: World) -> Pose {
    switch self {
    case .body(let body): world.pose(of: body)
    case .site(let site): world.pose(of: site)
    }
  }
}

/// A success condition whose parts were found in a model.
package enum ConditionParts: Sendable {
  case jointMoved(Joint, atLeast: Double)
  /// For each object its geoms.
  case detected([[Geom]], volume: Geom, atLeast: Int)
  case notDetected([[Geom]], volume: Geom)
  case nothingGrasped

  /// Whether the condition holds now.
  ///
  /// - Parameter start: The positions of joints when the episode began.
  package func holds(in world: World, since start: [Joint: Double]) -> Bool {
    switch self {
    case .jointMoved(let joint, let atLeast):
      abs(world.position(of: joint) - (start[joint] ?? 0)) >= atLeast
    case .detected(let objects, let volume, let atLeast):
      objects.count { Self.touch($0, volume, world) } >= atLeast
    case .notDetected(let objects, let volume):
      !objects.contains { Self.touch($0, volume, world) }
    case .nothingGrasped:
      world.attachedBodies.isEmpty
    }
  }

  private static func touch(_ geoms: [Geom], _ volume: Geom, _ world: World) -> Bool {
    geoms.contains { world.touches($0, volume) }
  }
}

extension [ConditionParts] {
  /// Whether all hold.
  func hold(in world: World, since start: [Joint: Double]) -> Bool {
    allSatisfy { $0.holds(in: world, since: start) }
  }
}
