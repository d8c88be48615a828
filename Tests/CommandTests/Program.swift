import Foundation

/// The program itself, as a user runs it.
struct Program {
  /// What a run of the program left.
  struct Result {
    var exitCode: Int32
    var output: String
    var messages: String
  }

  /// Runs `mole` with these arguments in `folder`.
  ///
  /// - Parameter variables: What its environment has beside ours.
  static func run(
    _ arguments: [String], in folder: String, adding variables: [String: String] = [:]
  ) throws -> Result {
    let output = URL(fileURLWithPath: folder + "/.stdout-\(UUID().uuidString)")
    let messages = output.appendingPathExtension("messages")
    // Files rather than pipes: nothing waits for whoever reads.
    for file in [output, messages] { try Data().write(to: file) }
    let process = Process()
    prepare(process, arguments, in: folder)
    process.environment?.merge(variables) { _, added in added }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: messages)
    defer { for file in [output, messages] { try? FileManager.default.removeItem(at: file) } }
    try process.run()
    process.waitUntilExit()
    return Result(
      exitCode: process.terminationStatus,
      output: try String(contentsOf: output, encoding: .utf8),
      messages: try String(contentsOf: messages, encoding: .utf8))
  }

  /// Starts `mole`, whose output nobody reads.
  static func start(_ arguments: [String], in folder: String) throws -> Process {
    let process = Process()
    prepare(process, arguments, in: folder)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  private static func prepare(_ process: Process, _ arguments: [String], in folder: String) {
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    // Many programs at once: threads of the matrix library would only wait for each other.
    process.environment = ProcessInfo.processInfo.environment
      .merging(["OPENBLAS_NUM_THREADS": "1"]) { _, ours in ours }
  }

  /// The program that was built together with the tests.
  private static var executable: URL {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("mole")
  }
}
