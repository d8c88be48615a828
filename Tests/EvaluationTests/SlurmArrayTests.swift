import Evaluation
import Foundation
import Testing

@Suite("A run as Slurm's jobs")
struct SlurmArrayTests {
  private let array = SlurmArray(
    program: "/opt/it's mole",
    flags: ["--label", "a \"b\" $(touch x) `c`\n#", "'\u{301};$(touch y)", ""],
    shardCount: 2, out: "/data/100 %/run", workingFolder: "/here we are",
    options: ["--comment=$x"], atOnce: 7)

  /// What a shell makes of a script, in which functions stand for the programs that it calls.
  private func words(of script: String, adding environment: [String: String] = [:]) throws
    -> [String]
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    // 'exec' becomes a function that prints its words, each with a NUL behind it.
    process.arguments = ["-c", "exec() { printf '%s\\0' \"$@\"; }\n" + script]
    process.environment = environment
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return data.split(separator: 0, omittingEmptySubsequences: false).dropLast()
      .map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("a shell reads every word of the shard's script as it was given")
  func shard() throws {
    let words = try words(of: array.shardText, adding: ["SLURM_ARRAY_TASK_ID": "2"])
    #expect(
      words == [array.program, "eval"] + array.flags
        + ["--shard", "2/2", "--out", "/data/100 %/run.slurm/shards/2"])
  }

  @Test("a shard that has begun is gone on with")
  func resumed() throws {
    try withTemporaryFolder { folder in
      var array = array
      array.out = folder + "/run"
      try FileManager.default.createDirectory(
        atPath: array.shards + "/1", withIntermediateDirectories: true)
      try Data().write(to: URL(fileURLWithPath: array.shards + "/1/run.json"))
      let words = try words(of: array.shardText, adding: ["SLURM_ARRAY_TASK_ID": "1"])
      #expect(words.suffix(2) == ["--resume", array.shards + "/1"])
    }
  }

  @Test("the merging names every shard; what is submitted is quoted for Slurm's patterns")
  func merge() throws {
    #expect(
      try words(of: array.mergeText) == [
        array.program, "eval", "merge", array.shards + "/1", array.shards + "/2", "--out",
        array.out,
      ])
    #expect(array.shardCommand.contains("--array=1-2%7"))
    #expect(array.shardCommand.contains("--output=/data/100 %%/run.slurm/logs/shard-%a.log"))
    #expect(array.shardCommand.last == array.shardScript)
    #expect(array.mergeCommand(after: "12").contains("--dependency=afterok:12"))
    let command = ShellText.command(array.shardCommand)
    #expect(try words(of: "exec " + command) == array.shardCommand)
  }
}
