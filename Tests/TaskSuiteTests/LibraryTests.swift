import Failures
import Foundation
import Manipulation
import TaskSuite
import Testing

@Testing.Suite("The folder of tasks")
struct LibraryTests {
  @Test("lists tasks and suites")
  func lists() throws {
    let small = try SmallLibrary()
    let library = try small.library()
    #expect(library.taskNames == ["lift_block"])
    #expect(library.suites.map(\.name) == ["small", "hard"])
    #expect(try library.suite("hard").perturbations == Perturbation.allCases)
    #expect(try library.suite("small").perturbations.isEmpty)
  }

  @Test("names the files that results depend on, in one order")
  func sources() throws {
    let small = try SmallLibrary()
    let names = try small.library().sources(of: "lift_block").map {
      $0.replacing(small.path + "/", with: "")
    }
    #expect(
      names == [
        "lift_block/task.yaml", "lift_block/scene.xml", "common/room.xml", "common/panda.xml",
      ])
  }

  @Test("says which tasks and suites there are when one is missing")
  func missing() throws {
    let small = try SmallLibrary()
    let library = try small.library()
    #expect(throws: TaskError.noSuchTask("x", folder: small.path, known: ["lift_block"])) {
      try library.task("x")
    }
    #expect(throws: TaskError.noSuchTask("../common", folder: small.path, known: ["lift_block"])) {
      try library.task("../common")
    }
    #expect(throws: TaskError.noSuchSuite("y", folder: small.path, known: ["small", "hard"])) {
      try library.suite("y")
    }
  }

  @Test("is found where it is asked for, and nowhere else")
  func finding() throws {
    let small = try SmallLibrary()
    #expect(try TaskLibrary.find(named: small.path).path == small.path)
    #expect(
      try TaskLibrary.find(environment: ["MOLE_TASKS": small.path], program: "/x").path
        == small.path)
    let error = try #require(throws: TaskError.self) {
      try TaskLibrary.find(named: "/nowhere", environment: ["MOLE_TASKS": small.path])
    }
    #expect(error == .noLibrary(tried: ["/nowhere"]) && error.kind == .missingInput)
  }

  @Test("is found beside the program's package")
  func beside() throws {
    let small = try SmallLibrary()
    let program = "\(small.path)/package/.build/release/mole"
    try FileManager.default.createDirectory(
      atPath: "\(small.path)/package", withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: "\(small.path)/common", toPath: "\(small.path)/package/Tasks")
    try "s: {tasks: [a]}".write(
      toFile: "\(small.path)/package/Tasks/suites.yaml", atomically: true, encoding: .utf8)
    let found = try TaskLibrary.find(environment: [:], program: program)
    #expect(found.path.hasSuffix("Tasks"))
  }

  @Test(
    "complains about suites with the line",
    arguments: [
      ("a: {tasks: [x], speed: 1}", 1), ("a:\n  tasks: x", 2), ("a: {}", 1), ("- a", 1),
      ("A b: {tasks: [x]}", 1), ("a:\n  tasks: [x]\n  perturbations: [fog]", 3),
      ("a: &b {tasks: [x]}", 1),
    ])
  func suites(text: String, line: Int) throws {
    let error = try #require(throws: TaskError.self) {
      try Suite.parse(text, path: "suites.yaml")
    }
    #expect(error.kind == .badData && "\(error)".contains("line \(line)"), "\(error)")
  }

  @Test("refuses a suite with a task that has no folder, once it is asked for")
  func suiteWithoutTask() throws {
    let small = try SmallLibrary()
    try "small: {tasks: [lift_block, fly]}".write(
      toFile: "\(small.path)/suites.yaml", atomically: true, encoding: .utf8)
    let error = try #require(throws: TaskError.self) { try small.library().suite("small") }
    #expect("\(error)".contains("'fly'"))
  }

  @Test("refuses a task file that is too large or no text")
  func hostileFiles() throws {
    let small = try SmallLibrary()
    let file = "\(small.path)/lift_block/task.yaml"
    try Data(repeating: 0x20, count: TaskDefinition.largestFile + 1)
      .write(to: URL(fileURLWithPath: file))
    let large = try #require(throws: TaskError.self) { try small.library().task("lift_block") }
    #expect("\(large)".contains("\(TaskDefinition.largestFile)"))
    try Data([0xFF, 0xFE, 0]).write(to: URL(fileURLWithPath: file))
    #expect(throws: TaskError.self) { try small.library().task("lift_block") }
  }
}
