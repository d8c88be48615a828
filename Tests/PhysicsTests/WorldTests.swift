import Failures
import Manipulation
import Physics
import Testing

@Suite struct WorldTests {
  static let scene = """
    <mujoco model="test">
      <compiler angle="radian"/>
      <option timestep="0.0025" integrator="implicitfast"/>
      <size nuserdata="7"/>
      <worldbody>
        <geom name="floor" type="plane" size="2 2 .1"/>
        <body name="root" mocap="true" pos="0.5 0 0">
          <body name="door"><joint name="hinge" axis="0 0 1" range="-1 2" limited="true" damping="0.1"/>
            <geom name="panel" type="box" size=".2 .01 .2" pos=".2 0 .3"/></body>
        </body>
        <body name="panda_hand" mocap="true" pos="0 0 1"><geom name="palm" type="box" size=".02 .02 .02"/></body>
        <body name="cube" pos="0 0 0.9"><freejoint name="cube_free"/><geom name="block" type="box" size=".03 .03 .03" mass=".1"/></body>
      </worldbody>
      <equality><weld name="grasp_cube" body1="panda_hand" body2="cube" active="false"/></equality>
    </mujoco>
    """
  let model: SceneModel
  let world: World

  init() throws {
    model = try SceneModel(mjcf: WorldTests.scene, name: "test")
    world = try World(model)
  }

  @Test func `names lead to elements and back`() throws {
    let cube = try model.named("cube", BodyKind.self)
    #expect(model.name(of: cube) == "cube")
    #expect(model.freeBodies == [cube])
    #expect(model.geoms(within: cube).map { model.name(of: $0) } == ["block"])
    #expect(model.isHingeOrSlide(try model.named("hinge")))
    #expect(model.find("nothing", SiteKind.self) == nil)
    #expect(throws: PhysicsError.unknownName("nothing", element: "joint", model: "test")) {
      try model.named("nothing", JointKind.self)
    }
  }

  @Test func `a bad model is refused in MuJoCo's words`() {
    let error = #expect(throws: PhysicsError.self) {
      try SceneModel(mjcf: "<mujoco><worldbody><gom/></worldbody></mujoco>", name: "bad")
    }
    #expect(error?.description.contains("gom") == true)
    #expect(error?.kind == .badData)
    let text = #expect(throws: PhysicsError.self) { try SceneModel(mjcf: "no XML", name: "bad") }
    #expect(text?.kind == .badData)
  }

  @Test func `a cube falls by half g t squared`() throws {
    let cube = try model.named("cube", BodyKind.self)
    try world.step(40)
    let fallen = 0.9 - world.pose(of: cube).position.z
    #expect(abs(fallen - 0.5 * 9.81 * 0.1 * 0.1) < 0.002)
    #expect(abs(world.time - 0.1) < 1e-12)
  }

  @Test func `a restored state goes on as the first one did, bit for bit`() throws {
    try world.step(150)
    let middle = world.state
    try world.step(300)
    let end = world.state
    let other = try World(model)
    try other.restore(middle)
    #expect(other.state == middle)
    try other.step(300)
    #expect(other.state == end)
  }

  @Test func `what is grasped stays where it is in the hand, also after a restart`() throws {
    let cube = try model.named("cube", BodyKind.self)
    let hand = try model.named("panda_hand", BodyKind.self)
    world.setPose(of: cube, to: Pose(position: [0.01, 0, 0.94], rotation: .identity))
    try world.forward()
    try world.attach(cube)
    #expect(world.attachedBodies == [cube])
    try world.step(400)
    #expect(abs(world.pose(of: cube).position.z - 0.94) < 1e-3)
    let held = world.state
    let other = try World(model)
    try other.restore(held)
    other.setPose(of: hand, to: Pose(position: [0, 0, 1.1], rotation: .identity))
    try other.forward()
    try other.step(400)
    #expect(abs(other.pose(of: cube).position.z - 1.04) < 1e-3)
    try other.detach(cube)
    try other.step(400)
    #expect(other.pose(of: cube).position.z < 0.05)
    #expect(other.attachedBodies.isEmpty)
  }

  @Test func `looking at a world changes nothing`() throws {
    let other = try World(model)
    let (panel, block) = (
      try model.named("panel", GeomKind.self), try model.named("block", GeomKind.self)
    )
    for _ in 0..<10 {
      try world.step(20)
      _ = world.distance(from: panel, to: block, limit: 1)
      _ = world.contacts
      for _ in 0..<20 { try other.step() }
    }
    #expect(world.state == other.state)
  }

  @Test func `children move with a mocap body, and joints are set and read`() throws {
    let root = try model.named("root", BodyKind.self)
    let door = try model.named("door", BodyKind.self)
    let hinge = try model.named("hinge", JointKind.self)
    let turn = Rotation(angle: 0.3, aboutUnitAxis: [0, 0, 1])
    world.setPose(of: root, to: Pose(position: [0.1, 0.2, 0.3], rotation: turn))
    world.setPosition(of: hinge, to: 0.5)
    try world.forward()
    #expect(world.position(of: hinge) == 0.5)
    let pose = world.pose(of: door)
    #expect(abs(pose.position.x - 0.1) < 1e-12)
    let expected = Rotation(angle: 0.8, aboutUnitAxis: [0, 0, 1])
    #expect(pose.rotation.angle(to: expected) < 1e-9)
  }

  @Test func `a simulation that leaves the finite numbers says so`() throws {
    var state = world.state
    let cube = try model.named("cube", BodyKind.self)
    world.setPose(of: cube, to: Pose(position: [1e12, 0, 0], rotation: .identity))
    let error = #expect(throws: PhysicsError.self) { try world.step(2) }
    guard case .diverged = error else {
      return #expect(Bool(false), "\(String(describing: error))")
    }
    state[3] = .nan
    #expect(throws: PhysicsError.self) { try world.restore(state) }
    #expect(throws: PhysicsError.stateMismatch(expected: state.count, found: 1, model: "test")) {
      try world.restore([1])
    }
  }

  @Test("a model whose steps are too short or too long is refused", arguments: ["1e-300", "1"])
  func timesteps(step: String) {
    let mjcf = "<mujoco><option timestep=\"\(step)\"/></mujoco>"
    let error = #expect(throws: PhysicsError.self) { try SceneModel(mjcf: mjcf, name: "quick") }
    #expect(error?.kind == .badData)
  }

  @Test("a divergence at any time can be told", arguments: [0.25, 1e300, .infinity])
  func divergence(time: Double) {
    let sentence = "\(PhysicsError.diverged(time: time, reason: "so"))"
    #expect(sentence.hasPrefix("The simulation cannot be trusted after \(time) s"))
  }

  @Test("a ball is no joint whose position is one number")
  func ball() throws {
    let model = try SceneModel(
      mjcf: """
        <mujoco><worldbody><body name="b"><joint name="ball" type="ball"/><geom size="1"/></body>
        <body name="s"><joint name="slide" type="slide"/><geom size="1"/></body></worldbody></mujoco>
        """, name: "joints")
    #expect(!model.isHingeOrSlide(try model.named("ball")))
    #expect(model.isHingeOrSlide(try model.named("slide")))
  }
}
