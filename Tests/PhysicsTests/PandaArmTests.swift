import Foundation
import Manipulation
import Physics
import Testing

struct PandaArmTests {
  private let model: SceneModel
  private let world: World
  private let arm: PandaArm
  private let box: Body

  /// The room and the robot, a box on the table, and a block that stands fast.
  init() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Tasks/common")
    var files: [String: [UInt8]] = [:]
    for name in ["room.xml", "panda.xml"] {
      files[name] = [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }
    model = try SceneModel(mjcf: PandaArmTests.scene, files: files, name: "arm")
    world = try World(model)
    box = try model.named("box")
    arm = try PandaArm(model: model, graspable: [box])
    try arm.goHome(in: world)
  }

  private static let scene = """
    <mujoco model="arm">
      <include file="room.xml"/>
      <include file="panda.xml"/>
      <size nuserdata="7"/>
      <worldbody>
        <body name="box" pos="0.3 0.1 0.7801"><freejoint name="box_free"/>
          <geom name="box" type="box" size="0.02 0.025 0.03" mass="0.3"/></body>
        <geom name="block" type="box" pos="0.3 -0.3 0.85" size="0.1 0.06 0.1"/>
      </worldbody>
      <equality>
        <weld name="grasp_box" body1="panda_hand" body2="box" active="false" solref="0.005 1"/>
      </equality>
    </mujoco>
    """

  private func distance(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
    ((a - b) * (a - b)).sum().squareRoot()
  }

  /// A pose with the gripper down, turned as at home.
  private func down(_ x: Double, _ y: Double, _ z: Double, yaw: Double = 0) -> Pose {
    Pose(position: [x, y, z], rotation: Rotation(extrinsicXYZ: [.pi, 0, .pi + yaw]))
  }

  private func grasp(in world: World) throws {
    #expect(try arm.move(to: down(0.3, 0.1, 0.9), in: world) == nil)
    #expect(try arm.move(to: down(0.3, 0.1, 0.79), in: world) == nil)
    #expect(try arm.setGripper(open: false, in: world) == nil)
  }

  @Test("at home the tip is where RLBench has it, and stays there")
  func homeIsStill() throws {
    let expected: SIMD3<Double> = [0.27847, -0.00815, 1.47190]
    #expect(distance(arm.tip(in: world).position, expected) < 1e-4)
    #expect(try arm.wait(ticks: 20, in: world) == nil)
    #expect(distance(arm.tip(in: world).position, expected) < 1e-4)
    #expect(arm.isGripperOpen(in: world))
    #expect(!arm.isTouching(in: world))
  }

  @Test("poses are reached within 2 mm and half a degree", arguments: [1, 2, 3] as [UInt64])
  func reachesPoses(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<5 {
      let target = down(
        0.05 + 0.35 * generator.uniform(), -0.3 + 0.6 * generator.uniform(),
        1.1 + 0.2 * generator.uniform(), yaw: 2 * generator.uniform() - 1)
      #expect(try arm.move(to: target, in: world) == nil)
      let tip = arm.tip(in: world)
      #expect(distance(tip.position, target.position) < 0.002)
      #expect(tip.rotation.angle(to: target.rotation) < 0.5 * .pi / 180)
      #expect(arm.jointSpeeds(in: world).largest < 0.05)
    }
  }

  @Test("ticks come every 50 ms, and on a line the tip is near it at each")
  func ticksAreEven() throws {
    let start = arm.tip(in: world).position
    let target = down(0.35, 0.2, 1.0)
    let way = target.position - start
    var times: [Double] = [world.time]
    _ = try arm.move(to: target, in: world) { world in
      times.append(world.time)
      let offset = arm.tip(in: world).position - start
      let along = (offset * way).sum() / (way * way).sum()
      #expect(distance(offset, along * way) < 0.005)
    }
    #expect(times.count > 10)
    for (a, b) in zip(times, times.dropFirst()) { #expect(abs(b - a - 0.05) < 1e-9) }
  }

  @Test("what is grasped moves with the hand and falls when let go")
  func graspsAndReleases() throws {
    try grasp(in: world)
    #expect(world.attachedBodies == [box])
    #expect(!arm.isGripperOpen(in: world))
    let relative = arm.tip(in: world).inverse * world.pose(of: box)
    for target in [down(0.3, 0.1, 1.1), down(0.2, 0.35, 1.0, yaw: 1), down(0.25, 0.3, 0.9)] {
      #expect(try arm.move(to: target, in: world) == nil)
      let tip = arm.tip(in: world)
      #expect(distance(tip.position, target.position) < 0.002)
      let now = tip.inverse * world.pose(of: box)
      #expect(distance(now.position, relative.position) < 0.003)
      #expect(now.rotation.angle(to: relative.rotation) < 0.03)
    }
    #expect(try arm.setGripper(open: true, in: world) == nil)
    #expect(world.attachedBodies.isEmpty)
    #expect(arm.isGripperOpen(in: world))
    #expect(world.pose(of: box).position.z < 0.79)
  }

  @Test("closing takes only what lies between the fingers, and asking twice takes no time")
  func closesOnNothing() throws {
    #expect(arm.bodiesBetweenFingers(in: world).isEmpty)
    #expect(try arm.setGripper(open: false, in: world) == nil)
    #expect(world.attachedBodies.isEmpty)
    #expect(!arm.isGripperOpen(in: world))
    #expect(arm.fingerPositions(in: world).allSatisfy { $0 < 0.001 })
    let time = world.time
    #expect(time > 0.15 && time < 0.6)
    #expect(try arm.setGripper(open: false, in: world) == nil)
    #expect(world.time == time)
    #expect(try arm.setGripper(open: true, in: world) == nil)
    // opening, then half a second in which things fall
    #expect(world.time > time + 0.65)
  }

  @Test("the same actions give the same states, also from a restored state in the middle")
  func reproduces() throws {
    try grasp(in: world)
    let middle = world.state
    #expect(try arm.move(to: down(0.2, 0.3, 1.0), in: world) == nil)
    #expect(try arm.setGripper(open: true, in: world) == nil)

    let again = try World(model)
    try arm.goHome(in: again)
    try grasp(in: again)
    #expect(again.state == middle)

    let restored = try World(model)
    try restored.restore(middle)
    #expect(try arm.move(to: down(0.2, 0.3, 1.0), in: restored) == nil)
    #expect(try arm.setGripper(open: true, in: restored) == nil)
    #expect(restored.state == world.state)
  }

  @Test("an arm that something blocks stops there, and gets away again")
  func survivesBlocking() throws {
    // the tip is sent into the block, whose top is at 0.95
    #expect(try arm.move(to: down(0.3, -0.3, 1.1), in: world) == nil)
    var fastest = 0.0
    let failure = try arm.move(to: down(0.3, -0.3, 0.85), in: world) { world in
      fastest = max(fastest, arm.jointSpeeds(in: world).largest)
    }
    #expect(failure == nil)
    #expect(arm.tip(in: world).position.z > 0.93)
    #expect(fastest < 3)
    #expect(arm.isTouching(in: world) || arm.tip(in: world).position.z > 0.94)
    #expect(try arm.move(to: down(0.3, 0, 1.2), in: world) == nil)
    #expect(distance(arm.tip(in: world).position, [0.3, 0, 1.2]) < 0.002)
  }

  @Test("what cannot be done is said before anything moves")
  func failuresTakeNoTime() throws {
    let state = world.state
    #expect(try arm.move(to: down(0.9, 0, 1), in: world) == .targetOutsideWorkspace)
    let under = Pose(position: [0.77, 0.65, 0.76], rotation: .identity)
    #expect(try arm.move(to: under, in: world) == .unreachableTarget)
    #expect(world.state == state)
  }

  @Test("a simulation that diverges ends the motion with its own failure")
  func divergenceIsAFailure() throws {
    world.setPose(of: box, to: Pose(position: [1e12, 0, 0], rotation: .identity))
    #expect(try arm.move(to: down(0.3, 0, 1.1), in: world) == .divergedSimulation)
  }

  @Test("with obstacles in mind the arm goes around, and the test leaves the world alone")
  func goesAround() throws {
    #expect(try arm.move(to: down(0.42, 0.1, 0.9), in: world) == nil)
    let state = world.state
    let collides = try arm.collisionTest(in: world)
    #expect(!collides(arm.jointAngles(in: world)))
    let inverse = InverseKinematics()
    let inBlock = try #require(
      inverse.solutions(down(0.3, -0.3, 0.9), near: arm.jointAngles(in: world)).first)
    #expect(collides(inBlock))
    #expect(world.state == state)
    // from one side of the block to the other: the straight line leads through it
    let (here, there) = (down(0.3, -0.08, 0.85), down(0.3, -0.52, 0.85))
    #expect(try arm.move(to: here, in: world) == nil)
    var touched = false
    let failure = try arm.move(to: there, in: world, avoidingCollisions: true) { world in
      touched = touched || arm.isTouching(in: world)
    }
    #expect(failure == nil)
    #expect(!touched)
    #expect(distance(arm.tip(in: world).position, there.position) < 0.002)
  }
}
