internal import Foundation
internal import Manipulation
internal import Physics

/// Other things on the table, which have nothing to do with the task.
enum Distractors {
  static let prefix = "distractor_"

  /// Half the height of each, which is its height above the table when it lies there.
  fileprivate static func geom(
    _ number: Int, using generator: inout SeededGenerator
  ) -> (geom: Markup, halfHeight: Double) {
    let colour = Colour(
      hue: generator.uniform(), saturation: generator.uniform(in: 0.5...0.9),
      value: generator.uniform(in: 0.4...0.9))
    let (wide, high) = (generator.uniform(in: 0.018...0.03), generator.uniform(in: 0.015...0.035))
    let types = ["box", "cylinder", "ellipsoid"]
    let type = types[generator.index(below: types.count)]
    let size = type == "cylinder" ? "\(wide.brief) \(high.brief)" : SIMD3(wide, wide, high).text
    let geom = Markup(
      name: "geom",
      attributes: [
        .init(name: "name", value: "\(prefix)\(number)"), .init(name: "type", value: type),
        .init(name: "size", value: size), .init(name: "rgba", value: colour.rgb.text + " 1"),
        .init(name: "density", value: "400"),
      ])
    return (geom, high)
  }
}

extension Markup {
  /// Adds two or three free bodies, which wait below the floor's edge until they are placed.
  mutating func addDistractors(using generator: inout SeededGenerator) {
    var bodies: [Markup] = []
    for number in 1...2 + generator.index(below: 2) {
      let (geom, halfHeight) = Distractors.geom(number, using: &generator)
      let name = "\(Distractors.prefix)\(number)"
      // Each starts at the height at which it lies on the table, behind the robot.
      let place = SIMD3(-1.2 - 0.2 * Double(number), 0, Table.height + halfHeight)
      let joint = Markup(
        name: "freejoint", attributes: [.init(name: "name", value: "\(name)_free")])
      bodies.append(
        Markup(
          name: "body",
          attributes: [.init(name: "name", value: name), .init(name: "pos", value: place.text)],
          children: [joint, geom]))
    }
    children.append(Markup(name: "worldbody", children: bodies))
  }
}

/// Finds free places on the table for the distractors of a world.
struct DistractorPlacement {
  let scene: TaskScene
  let plan: ExpertPlan

  /// Draws for one body until it is given up.
  private static let attempts = 100
  /// From anything of the task and from each other, in metres.
  private static let clearance = 0.05
  /// From the way points and the straight ways between them, seen from above, in metres.
  private static let wayClearance = 0.14
  /// Where they may lie, in sight of the front camera.
  private static let x = -0.05...0.5
  private static let y = -0.38...0.38

  /// Places every distractor.
  ///
  /// - Returns: Whether there was room for all.
  func apply(
    to world: World, using generator: inout SeededGenerator
  ) throws(PhysicsError) -> Bool {
    let ways = ways(in: world)
    var others = scene.model.geoms.filter { isOfTask($0) }
    for body in scene.parts.freeBodies where !scene.moves(body) {
      let own = scene.model.geoms(within: body)
      guard try place(body, own, ways, others, world, using: &generator) else { return false }
      others += own
    }
    return true
  }

  private func place(
    _ body: Body, _ own: [Geom], _ ways: [(SIMD2<Double>, SIMD2<Double>)], _ others: [Geom],
    _ world: World, using generator: inout SeededGenerator
  ) throws(PhysicsError) -> Bool {
    let height = world.pose(of: body).position.z
    for _ in 0..<Self.attempts {
      let spot = SIMD2(generator.uniform(in: Self.x), generator.uniform(in: Self.y))
      let turn = Rotation(angle: generator.uniform(in: 0...6.28), aboutUnitAxis: [0, 0, 1])
      guard ways.allSatisfy({ Self.distance(spot, $0.0, $0.1) > Self.wayClearance }) else {
        continue
      }
      world.setPose(of: body, to: Pose(position: [spot.x, spot.y, height], rotation: turn))
      try world.forward()
      let isFree = own.allSatisfy { geom in
        others.allSatisfy {
          world.distance(from: geom, to: $0, limit: 2 * Self.clearance) > Self.clearance
        }
      }
      if isFree { return true }
    }
    return false
  }

  /// The ways between the way points, from above.
  private func ways(in world: World) -> [(SIMD2<Double>, SIMD2<Double>)] {
    let spots = plan.points.indices.map { index in
      let place = plan.target(index, turn: 0, in: world) { _ in .identity }.position
      return SIMD2(place.x, place.y)
    }
    return spots.count == 1 ? [(spots[0], spots[0])] : Array(zip(spots, spots.dropFirst()))
  }

  private func isOfTask(_ geom: Geom) -> Bool {
    let body = scene.model.body(of: geom)
    let isRoom = scene.model.name(of: geom)?.hasPrefix("room_") == true
    let isDistractor = scene.model.name(of: body)?.hasPrefix(Distractors.prefix) == true
    return !isRoom && !isDistractor && body.index != 0
  }

  /// The distance of a point to a stretch.
  private static func distance(
    _ point: SIMD2<Double>, _ start: SIMD2<Double>, _ end: SIMD2<Double>
  ) -> Double {
    let (way, offset) = (end - start, point - start)
    let square = (way * way).sum()
    let share = square > 0 ? min(1, max(0, (way * offset).sum() / square)) : 0
    let rest = offset - share * way
    return (rest * rest).sum().squareRoot()
  }
}
