import Failures
import Foundation
import TaskSuite
import Testing

@Testing.Suite("A task's scene")
struct SceneTests {
  @Test("is one MJCF text that stands for itself")
  func composition() throws {
    let scene = try SmallLibrary().scene()
    #expect(!scene.mjcf.contains("<include"))
    for part in ["room_table_top", "panda_hand", "grasp_block", "pad_volume", "nuserdata=\"7\""] {
      #expect(scene.mjcf.contains(part), "\(part)")
    }
    // The same parts give the same text.
    #expect(try SmallLibrary().scene().mjcf == scene.mjcf)
  }

  @Test(
    "is refused when it could reach out of its folder, run code or grow",
    arguments: [
      "<mujoco><include file=\"/etc/passwd\"/></mujoco>",
      "<mujoco><worldbody><body><include file=\"x.xml\"/></body></worldbody></mujoco>",
      "<mujoco><asset><mesh name=\"a\" file=\"../a.obj\"/></asset></mujoco>",
      "<mujoco><asset><mesh name=\"a\" file=\"/a.obj\"/></asset></mujoco>",
      "<mujoco><asset><texture name=\"a\" fileright=\"a.png\"/></asset></mujoco>",
      "<mujoco><asset><model name=\"a\" file=\"a.xml\"/></asset></mujoco>",
      "<mujoco><extension><plugin plugin=\"x\"/></extension></mujoco>",
      "<mujoco><worldbody><geom type=\"sdf\" plugin=\"x\"/></worldbody></mujoco>",
      "<mujoco><compiler meshdir=\"/\"/></mujoco>",
      "<mujoco><option timestep=\"1\"/></mujoco>",
      "<mujoco><size memory=\"900G\"/></mujoco>",
      "<mujoco><default><geom friction=\"9\"/></default></mujoco>",
      "<mujoco><asset><mesh name=\"a\" builtin=\"sphere\" params=\"30\"/></asset></mujoco>",
      "<mujoco><asset><texture builtin=\"flat\" width=\"99999\" height=\"1\"/></asset></mujoco>",
      "<mujoco><worldbody><replicate count=\"100000000\"/></worldbody></mujoco>",
      "<mujoco><worldbody><composite type=\"cable\"/></worldbody></mujoco>",
      "<mujoco><worldbody><geom name=\"panda_hand\" size=\"1\"/></worldbody></mujoco>",
      "<mujoco><worldbody><body></worldbody></mujoco>",
      "<!DOCTYPE a [<!ENTITY b \"c\">]><mujoco>&b;</mujoco>",
      "<other/>", "", "<mujoco>text</mujoco>",
    ])
  func hostile(text: String) throws {
    let small = try SmallLibrary()
    try text.write(
      toFile: "\(small.path)/lift_block/scene.xml", atomically: true, encoding: .utf8)
    let error = try #require(throws: TaskError.self) { try small.scene() }
    guard case .refusedScene(let path, let line, _) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(path.hasSuffix("scene.xml") && line >= 1 && error.kind == .badData)
  }

  @Test("is written for MuJoCo as it was checked, whatever stands in an attribute")
  func attributes() throws {
    // An accent joins the quote before it to one character, which must be escaped all the same.
    let value = "#&quot;&#x301;=&quot;&#x301; file=&quot;&#x301;/etc/passwd"
    let small = try SmallLibrary(scene: [
      ("<material name=\"block_red\"", "<material name=\"\(value)\"/><material name=\"block_red\"")
    ])
    let mjcf = try small.scene().mjcf
    #expect(mjcf.contains("block_red"))
    #expect(!String(decoding: mjcf.utf8.filter { $0 < 0x80 }, as: UTF8.self).contains("file=\"/"))
  }

  @Test(
    "is refused when copies or textures add up to too much",
    arguments: [
      ("worldbody", "<replicate count=\"90\"><geom size=\"1\"/></replicate>", 60),
      ("asset", "<texture type=\"cube\" width=\"1024\"/>", 3),
      ("asset", "<texture type=\"2d\" width=\"2048\" height=\"2048\"/>", 5),
    ])
  func amount(section: String, element: String, count: Int) throws {
    let small = try SmallLibrary()
    let text =
      "<mujoco><\(section)>" + String(repeating: element + "\n", count: count)
      + "</\(section)></mujoco>"
    try text.write(
      toFile: "\(small.path)/lift_block/scene.xml", atomically: true, encoding: .utf8)
    let error = try #require(throws: TaskError.self) { try small.scene() }
    guard case .refusedScene(_, let line, let problem) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(line > 1 && problem.contains("up to here"))
  }

  @Test("has no picture that unpacks to far more than the file has")
  func pictureBomb() throws {
    let asset = "<asset><texture name=\"t\" type=\"2d\" file=\"t.png\"/></asset><worldbody>"
    let small = try SmallLibrary(scene: [("<worldbody>", asset)])
    var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]
    bytes += Array("IHDR".utf8) + [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 8, 0, 0, 0, 0]
    try Data(bytes).write(to: URL(fileURLWithPath: "\(small.path)/lift_block/t.png"))
    let error = try #require(throws: TaskError.self) { try small.scene() }
    guard case .tooLarge(let path, _, _) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(path.hasSuffix("t.png"))
  }

  @Test("is refused when it is nested too deeply")
  func depth() throws {
    let small = try SmallLibrary()
    let text =
      "<mujoco><worldbody>" + String(repeating: "<body>", count: 10_000)
      + String(repeating: "</body>", count: 10_000) + "</worldbody></mujoco>"
    try text.write(
      toFile: "\(small.path)/lift_block/scene.xml", atomically: true, encoding: .utf8)
    #expect(throws: TaskError.self) { try small.scene() }
  }

  @Test("says what MuJoCo does not like, with the file's own line")
  func engine() throws {
    let size = "size=\"0.02 0.02 0.02\""
    let small = try SmallLibrary(scene: [(size, "size=\"-1 0 0\"")])
    let text = try String(contentsOfFile: "\(small.path)/lift_block/scene.xml", encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let expected = try #require(lines.firstIndex { $0.contains("-1 0 0") }) + 1
    let error = try #require(throws: TaskError.self) { try small.scene() }
    guard case .refusedScene(let path, expected, let problem) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(path.hasSuffix("lift_block/scene.xml"))
    #expect(problem.contains("size 0 must be positive") && !problem.contains("line"))
  }

  @Test(
    "must have what the definition names, which is said with the line",
    arguments: [
      ("graspable: [block]", "graspable: [brick]", 9, "brick"),
      ("graspable: [block]", "graspable: [flap]", 9, "flap"),
      ("objects: [block, flap]", "objects: [block, lid]", 8, "lid"),
      ("joint: flap_hinge", "joint: door_hinge", 15, "door_hinge"),
      ("joint: flap_hinge", "joint: block_free", 15, "block_free"),
      ("[\"{side}\"]", "[nowhere]", 17, "nowhere"),
      ("volume: pad_volume", "volume: pan_volume", 19, "pan_volume"),
      ("volume: pad_volume", "volume: flap", 19, "flap"),
      ("frame: task_root", "frame: task_toor", 33, "task_toor"),
      ("carry: block", "carry: flap", 33, "flap"),
      ("budget: 6", "budget: 6\nworkspace_objects: [flap]", 40, "flap"),
    ])
  func references(old: String, new: String, line: Int, name: String) throws {
    let small = try SmallLibrary(definition: [(old, new)])
    let error = try #require(throws: TaskError.self) { try small.scene() }
    switch error {
    case .missingPart(let path, line, _, name, _), .unsuitablePart(let path, line, name, _):
      #expect(path.hasSuffix("task.yaml") && error.kind == .badData)
    default: Issue.record("\(error)")
    }
  }

  @Test("needs the root that placement moves")
  func root() throws {
    let small = try SmallLibrary(scene: [("mocap=\"true\" ", "")])
    #expect(throws: TaskError.self) { try small.scene() }
  }
}
