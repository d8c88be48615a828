internal import Foundation
internal import Manipulation
internal import Physics

/// The way points of one variation as poses of the tip.
struct ExpertPlan {
  let scene: TaskScene
  let points: [WayPoint]
  private let parts: VariationParts

  init(_ scene: TaskScene, variation: Int) {
    self.scene = scene
    points = scene.definition.variations[variation].expert
    parts = scene.variations[variation]
  }

  /// How many equivalent choices of turns there are.
  var turnCount: Int { points.first { !$0.turns.isEmpty }?.turns.count ?? 1 }

  /// The body that a way point carries.
  func carriedBody(_ index: Int) -> Body? { parts.carried[index] }

  /// Where the tip shall be at a way point.
  ///
  /// - Parameters:
  ///   - held: The pose in the tip's frame of what is carried, by body.
  ///   - turn: Which of the equivalent turns.
  func target(
    _ index: Int, turn: Int, in world: World, held: (Body) -> Pose
  ) -> Pose {
    let point = points[index]
    var frame = parts.frames[index].pose(in: world)
    if point.isUpright { frame.rotation = frame.rotation.heading }
    var target = frame * Pose(position: point.position, rotation: point.rotation)
    if let carried = parts.carried[index] { target = target * held(carried).inverse }
    if point.turns.indices.contains(turn) {
      let spin = Rotation(angle: point.turns[turn], aboutUnitAxis: [0, 0, 1])
      target.rotation = target.rotation * spin
    }
    return target
  }

  /// The choices of turns, those first whose first way point is nearest to the home orientation.
  func turnsByPreference(in world: World) -> [Int] {
    guard let index = points.firstIndex(where: { !$0.turns.isEmpty }) else { return [0] }
    let home = PandaKinematics.tip(PandaKinematics.home).rotation
    let costs = (0..<turnCount).map { turn in
      target(index, turn: turn, in: world) { _ in .identity }.rotation.angle(to: home)
    }
    return costs.indices.sorted { (costs[$0], $0) < (costs[$1], $1) }
  }
}

extension Rotation {
  /// The turn about the vertical that takes the x axis to where this one's points from above.
  var heading: Rotation {
    let axis = apply(to: [1, 0, 0])
    return Rotation(angle: atan2(axis.y, axis.x), aboutUnitAxis: [0, 0, 1])
  }
}
