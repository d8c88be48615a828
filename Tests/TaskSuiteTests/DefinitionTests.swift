import Failures
import Manipulation
import TaskSuite
import Testing

/// A definition that is right; tests spoil one thing of it.
private let pushing = """
  version: 3
  summary: Push the block off its mark.
  instructions: [push the block, "push the {colour} block away"]
  paraphrases:
    - give the {colour} block a shove
  variations:
    - {colour: red}
    - {colour: blue}
  objects: [block]
  graspable: [block]
  placement:
    x: [0.1, 0.3]
    yaw: [-90, 90]
    attempts: 12
    joints:
      - {joint: lid, between: [-0.1, 0.1]}
    bodies:
      - {body: block, among: [left, right], yaw: [0, 180]}
  success:
    - joint_moved: {joint: lid, at_least: 1.5}
    - detected: {objects: [block], volume: "{colour}_volume"}
    - not_detected: {objects: [block], volume: bin}
    - nothing_grasped: true
  expert:
    - name: above
      frame: block
      position: [0, 0, 0.1]
      rotation: [180, 0, 0]
      gripper: open
      turns: [0, 180]
    - name: down
      position: [0, 0, 0.01]
      rotation: [180, 0, 0]
      gripper: closed
      upright: true
      carry: block
  budget: 5
  """

private func parse(_ text: String) throws -> TaskDefinition {
  try TaskDefinition.parse(text, name: "pushing", path: "pushing/task.yaml")
}

/// The definition with one text replaced.
private func spoiled(_ old: String, _ new: String) -> String {
  pushing.replacing(old, with: new)
}

@Testing.Suite("A task's definition")
struct DefinitionTests {
  @Test("is read with its variations put in")
  func reading() throws {
    let task = try parse(pushing)
    #expect(task.version == 3 && task.budget == 5 && task.graspable == ["block"])
    #expect(task.variations.map(\.label) == ["colour: red", "colour: blue"])
    #expect(task.variations[1].longestInstruction == "push the blue block away")
    #expect(task.variations[1].paraphrases == ["give the blue block a shove"])
    guard case .detected(_, "blue_volume", atLeast: 1) = task.variations[1].success[1].kind else {
      Issue.record("\(task.variations[1].success[1])")
      return
    }
  }

  @Test("has radians, defaults and lines")
  func values() throws {
    let variation = try parse(pushing).variations[0]
    #expect(abs(variation.placement.yaw.upperBound - .pi / 2) < 1e-12)
    #expect(variation.placement.y == -0.455...0.455)
    #expect(variation.placement.bodies[0].sites == ["left", "right"])
    #expect(variation.expert[1].frame == "task_root")
    #expect(variation.expert[1].isUpright && variation.expert[1].carriedBody == "block")
    #expect(variation.expert[0].line == 25)
    #expect(variation.expert[0].rotation.apply(to: [0, 0, 1]).z < -0.999)
  }

  @Test(
    "complains with the line",
    arguments: [
      ("budget: 5", "budget: 5\nspeed: 3", 38, "speed"),
      ("version: 3", "version: three", 1, "version"),
      ("version: 3", "version: 0", 1, "version"),
      ("x: [0.1, 0.3]", "x: [0.3, 0.1]", 12, "x"),
      ("x: [0.1, 0.3]", "x: [0.1, 3]", 12, "x"),
      ("x: [0.1, 0.3]", "x: 0.1", 12, "x"),
      ("x: [0.1, 0.3]", "x: [0.1, .nan]", 12, "x"),
      ("attempts: 12", "attempts: 1e9", 14, "attempts"),
      ("attempts: 12", "tries: 12", 14, "tries"),
      ("frame: block", "frame: [block]", 26, "frame"),
      ("position: [0, 0, 0.1]", "position: [0, 0]", 27, "position"),
      ("gripper: open", "gripper: ajar", 29, "gripper"),
      ("turns: [0, 180]", "turns: []", 30, "turns"),
      ("upright: true", "upright: maybe", 35, "upright"),
      ("nothing_grasped: true", "nothing_grasped: false", 23, "nothing_grasped"),
      ("at_least: 1.5}", "at_least: 1.5, by: 2}", 20, "by"),
      ("joint: lid, at_least", "joint: ../lid, at_least", 20, "joint"),
      ("objects: [block], volume: bin", "objects: [], volume: bin", 22, "objects"),
      ("{colour} block a", "{size} block a", 3, "instructions"),
      ("- {colour: blue}", "- 3", 8, "variations"),
    ])
  func complaints(old: String, new: String, line: Int, key: String) throws {
    let error = try #require(throws: TaskError.self) { try parse(spoiled(old, new)) }
    #expect(error.kind == .badData)
    switch error {
    case .unknownKey("pushing/task.yaml", line, key, _, _),
      .wrongValue("pushing/task.yaml", line, key, _, _):
      break
    default: Issue.record("\(error)")
    }
    #expect("\(error)".contains("'pushing/task.yaml'") && "\(error)".contains("line \(line)"))
  }

  @Test("names what is missing", arguments: ["version", "budget", "objects", "instructions"])
  func missingKeys(key: String) throws {
    let lines = pushing.split(separator: "\n").filter { !$0.hasPrefix("\(key):") }
    let error = try #require(throws: TaskError.self) {
      try parse(lines.joined(separator: "\n"))
    }
    guard case .missingKey(_, 1, key, _) = error else {
      Issue.record("\(error)")
      return
    }
  }

  @Test("is refused when it could trap the parser")
  func traps() throws {
    let deep = String(repeating: "[", count: 5000)
    for text in ["a: &x 1\nb: *x", "version: \(deep)", "", "- 1", "version: 1\nversion: 2"] {
      #expect(throws: TaskError.self) { try parse(text) }
    }
    // As many brackets as are allowed must not overflow the stack.
    let nested = String(repeating: "[", count: 990) + String(repeating: "]", count: 990)
    #expect(throws: TaskError.self) { try parse("version: \(nested)") }
  }

  @Test("needs the same number of turns in all way points")
  func turns() throws {
    let text = spoiled("upright: true", "turns: [0, 90, 180]")
    #expect(throws: TaskError.self) { try parse(text) }
  }
}
