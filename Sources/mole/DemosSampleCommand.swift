import ArgumentParser
import Demonstrations
import Foundation

struct DemosSampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample", abstract: "Make small drawn demonstration files to try commands on.",
    discussion: """
      Two toy tasks, one file each: a table from above, a coloured thing and a gripper. Nothing \
      is simulated; the files have the layout of real ones.
      """)

  @Option(name: [.short, .customLong("out")], help: "The folder to write to.")
  var out: String

  @Option(help: "Demonstrations of each task.")
  var episodes = 10

  @Option(help: "Seeds where things lie.")
  var seed: UInt64 = 0

  @Flag(help: "Replace files that are there already.")
  var force = false

  func validate() throws {
    try check("--episodes", episodes, in: 1...10_000)
  }

  func run() throws {
    let folder = URL(filePath: out)
    let files = try SampleTask.write(
      to: folder, episodesPerTask: episodes, seed: seed, replacing: force)
    for url in files {
      print(url.path)
    }
  }
}
