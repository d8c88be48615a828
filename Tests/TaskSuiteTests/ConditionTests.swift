import Manipulation
import Physics
import TaskSuite
import Testing

/// A ball that can be put anywhere, a box-shaped volume at the origin, and a hinge.
private let mjcf = """
  <mujoco>
    <option gravity="0 0 0"/>
    <size nuserdata="7"/>
    <worldbody>
      <geom name="volume" type="box" size="0.1 0.1 0.1" contype="0" conaffinity="0" group="4"/>
      <body name="door"><joint name="hinge" axis="0 0 1"/>
        <geom type="box" size="0.01 0.2 0.2" pos="2 0 0"/></body>
      <body name="hand" mocap="true" pos="3 0 0"/>
      <body name="ball" pos="1 0 0"><freejoint/><geom name="ball" size="0.02"/></body>
      <body name="other" pos="1 1 0"><freejoint/><geom name="other" size="0.02"/></body>
    </worldbody>
    <equality>
      <weld name="grasp_ball" body1="hand" body2="ball" active="false"/>
    </equality>
  </mujoco>
  """

@Testing.Suite("A success condition")
struct ConditionTests {
  let world: World
  let volume: Geom
  let balls: [[Geom]]

  init() throws {
    let model = try SceneModel(mjcf: mjcf, name: "conditions")
    world = try World(model)
    volume = try model.named("volume")
    balls = [[try model.named("ball")], [try model.named("other")]]
  }

  private func put(_ name: String, at position: SIMD3<Double>) throws {
    world.setPose(
      of: try world.model.named(name), to: Pose(position: position, rotation: .identity))
    try world.forward()
  }

  @Test("on a joint counts from the start, either way", arguments: [-0.8, 0.8])
  func joint(way: Double) throws {
    let hinge: Joint = try world.model.named("hinge")
    let condition = ConditionParts.jointMoved(hinge, atLeast: 0.7)
    world.setPosition(of: hinge, to: 0.5)
    let start = [hinge: 0.5]
    #expect(!condition.holds(in: world, since: start))
    world.setPosition(of: hinge, to: 0.5 + 0.75 * way)
    #expect(!condition.holds(in: world, since: start))
    world.setPosition(of: hinge, to: 0.5 + way)
    #expect(condition.holds(in: world, since: start))
  }

  @Test("on detection holds as soon as a body touches the volume, and only then")
  func detection() throws {
    let condition = ConditionParts.detected([balls[0]], volume: volume, atLeast: 1)
    for (x, expected) in [(0.125, false), (0.119, true), (0.0, true), (-0.125, false)] {
      try put("ball", at: [x, 0, 0])
      #expect(condition.holds(in: world, since: [:]) == expected, "\(x)")
    }
  }

  @Test("on several bodies counts them")
  func counting() throws {
    let both = ConditionParts.detected(balls, volume: volume, atLeast: 2)
    let one = ConditionParts.detected(balls, volume: volume, atLeast: 1)
    try put("ball", at: [0.05, 0, 0])
    #expect(one.holds(in: world, since: [:]) && !both.holds(in: world, since: [:]))
    try put("other", at: [-0.05, 0, 0])
    #expect(both.holds(in: world, since: [:]))
  }

  @Test("on absence fails when one of several bodies is there")
  func absence() throws {
    let condition = ConditionParts.notDetected(balls, volume: volume)
    #expect(condition.holds(in: world, since: [:]))
    try put("other", at: [0, 0, 0])
    #expect(!condition.holds(in: world, since: [:]))
  }

  @Test("on an empty gripper follows the grasp")
  func grasp() throws {
    let ball: Body = try world.model.named("ball")
    #expect(ConditionParts.nothingGrasped.holds(in: world, since: [:]))
    try world.attach(ball)
    #expect(!ConditionParts.nothingGrasped.holds(in: world, since: [:]))
    try world.detach(ball)
    #expect(ConditionParts.nothingGrasped.holds(in: world, since: [:]))
  }
}
