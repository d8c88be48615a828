import Foundation
import TaskSuite

/// The tasks of the repository.
enum Repository {
  static let tasks = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Tasks").path
}

/// A folder of tasks of its own, with one small task that tests may change.
final class SmallLibrary {
  let path: String
  static let task = "lift_block"

  /// - Parameters:
  ///   - definition: Changes of the text of `task.yaml`, old and new.
  ///   - scene: Changes of the text of `scene.xml`.
  init(
    definition: [(String, String)] = [], scene: [(String, String)] = []
  ) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tasks-\(UUID().uuidString)")
    path = folder.path
    let task = folder.appendingPathComponent(Self.task)
    try FileManager.default.createDirectory(at: task, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: "\(Repository.tasks)/common", toPath: "\(path)/common")
    try Self.changed(smallDefinition, definition)
      .write(to: task.appendingPathComponent("task.yaml"), atomically: true, encoding: .utf8)
    try Self.changed(smallScene, scene)
      .write(to: task.appendingPathComponent("scene.xml"), atomically: true, encoding: .utf8)
    try "small:\n  tasks: [\(Self.task)]\nhard:\n  tasks: [\(Self.task)]\n  perturbations: all\n"
      .write(toFile: "\(path)/suites.yaml", atomically: true, encoding: .utf8)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func library() throws -> TaskLibrary { try TaskLibrary(at: path) }

  func scene() throws -> TaskScene { try TaskScene(task: Self.task, library: try library()) }

  /// An environment without cameras.
  func environment(_ options: EnvironmentOptions? = nil) throws -> TaskEnvironment {
    try TaskEnvironment(try scene(), options: options ?? EnvironmentOptions(cameras: []))
  }

  private static func changed(_ text: String, _ changes: [(String, String)]) -> String {
    changes.reduce(text) { $0.replacing($1.0, with: $1.1) }
  }
}

private let smallDefinition = """
  version: 2
  summary: Lift the block off its pad.
  instructions: [lift the block, "lift the block from the {side} side"]
  paraphrases: [raise the block]
  variations:
    - {side: left}
    - {side: right}
  objects: [block, flap]
  graspable: [block]
  placement:
    x: [0.1, 0.3]
    y: [-0.2, 0.2]
    yaw: [-60, 60]
    joints:
      - {joint: flap_hinge, between: [0.2, 0.4]}
    bodies:
      - {body: block, among: ["{side}"], yaw: [-20, 20]}
  success:
    - not_detected: {objects: [block], volume: pad_volume}
  expert:
    - name: above
      frame: block
      position: [0, 0, 0.1]
      rotation: [180, 0, 0]
      gripper: open
      turns: [0, 90, 180, -90]
    - name: at the block
      frame: block
      position: [0, 0, 0]
      rotation: [180, 0, 0]
      gripper: closed
      turns: [0, 90, 180, -90]
    - name: lifted
      frame: task_root
      position: [0, 0, 0.15]
      rotation: [0, 0, 0]
      gripper: closed
      carry: block
  budget: 6
  """

private let smallScene = """
  <mujoco>
    <asset>
      <material name="block_red" rgba="0.8 0.1 0.1 1"/>
    </asset>
    <worldbody>
      <body name="task_root" mocap="true" pos="0.25 0 0.752">
        <geom name="pad" type="box" size="0.08 0.06 0.001" contype="0" conaffinity="0" group="1"/>
        <geom name="pad_volume" type="box" pos="0 0 0.02" size="0.1 0.08 0.02" contype="0"
          conaffinity="0" group="4" rgba="0 1 0 0.2"/>
        <site name="left" pos="-0.04 0 0.018"/>
        <site name="right" pos="0.04 0 0.018"/>
        <body name="flap" pos="0 0.12 0.01">
          <joint name="flap_hinge" axis="1 0 0" range="0 2" damping="0.5" frictionloss="0.2"/>
          <geom name="flap" type="box" pos="0 0 0.03" size="0.04 0.003 0.03" rgba="0.1 0.4 0.8 1"/>
        </body>
      </body>
      <body name="block" pos="0.25 0 0.77">
        <freejoint name="block_free"/>
        <geom name="block" type="box" size="0.02 0.02 0.02" mass="0.1" material="block_red"/>
      </body>
    </worldbody>
  </mujoco>
  """
