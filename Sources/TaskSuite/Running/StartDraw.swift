internal import Foundation
internal import Manipulation
internal import Physics

/// Draws where everything is at the start of an episode.
struct StartDraw {
  let scene: TaskScene
  let rule: PlacementRule
  let parts: VariationParts

  init(_ scene: TaskScene, variation: Int) {
    self.scene = scene
    rule = scene.definition.variations[variation].placement
    parts = scene.variations[variation]
  }

  /// Puts the robot home, the task's root somewhere, joints and bodies where the rule says.
  ///
  /// Distractors stay where the model has them, far away.
  func apply(to world: World, using generator: inout SeededGenerator) throws(PhysicsError) {
    try world.reset()
    try scene.parts.arm.goHome(in: world)
    moveRoot(world, using: &generator)
    for (draw, joint) in zip(rule.joints, parts.joints) {
      world.setPosition(of: joint, to: generator.uniform(in: draw.range))
    }
    // Sites move with the root and the joints.
    try world.forward()
    drawBodies(world, using: &generator)
    try world.forward()
  }

  /// Moves the root, and with it the free bodies as they lie around it.
  private func moveRoot(_ world: World, using generator: inout SeededGenerator) {
    let reference = world.pose(of: scene.parts.root)
    let (x, y) = (generator.uniform(in: rule.x), generator.uniform(in: rule.y))
    let turn = Rotation(angle: generator.uniform(in: rule.yaw), aboutUnitAxis: [0, 0, 1])
    let pose = Pose(
      position: [x, y, reference.position.z], rotation: turn * reference.rotation)
    let move = pose * reference.inverse
    for body in scene.parts.freeBodies where scene.moves(body) {
      world.setPose(of: body, to: move * world.pose(of: body))
    }
    world.setPose(of: scene.parts.root, to: pose)
  }

  private func drawBodies(_ world: World, using generator: inout SeededGenerator) {
    let heading = world.pose(of: scene.parts.root).rotation
    var used: [[Site]: Set<Site>] = [:]
    for (index, body) in parts.bodies.enumerated() {
      let (draw, sites) = (rule.bodies[index], parts.sites[index])
      var pose = world.pose(of: body)
      let left = sites.filter { used[sites]?.contains($0) != true }
      if let site = left.isEmpty ? nil : left[generator.index(below: left.count)] {
        used[sites, default: []].insert(site)
        pose = world.pose(of: site)
      }
      let offset: SIMD3<Double> = [
        generator.uniform(in: draw.x), generator.uniform(in: draw.y), 0,
      ]
      let turn = Rotation(angle: generator.uniform(in: draw.yaw), aboutUnitAxis: [0, 0, 1])
      pose.position += heading.apply(to: offset)
      pose.rotation = turn * pose.rotation
      world.setPose(of: body, to: pose)
    }
  }
}

extension SeededGenerator {
  /// A uniform number in `range`; one number is drawn even where the range is a point.
  mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A uniform index in `0..<count`.
  mutating func index(below count: Int) -> Int {
    min(count - 1, Int(uniform() * Double(count)))
  }
}
