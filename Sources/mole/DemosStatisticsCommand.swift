import ArgumentParser
import Demonstrations
import Foundation
import Manipulation

struct DemosStatisticsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "statistics",
    abstract: "Write the normalisation statistics of several files together.",
    discussion: """
      Mean, deviation, bounds, 1st and 99th percentile of actions and proprioception at the key \
      frames, as OpenVLA's and CogACT's dataset_statistics.json.
      """)

  @Argument(help: "The HDF5 files.", completion: .file())
  var files: [String]

  @Option(help: "The name of the data set in the file.")
  var name: String

  @Option(name: [.short, .customLong("out")], help: "The JSON file to write.")
  var out: String

  func run() throws {
    let opened = try files.map { try DemonstrationFile(opening: URL(filePath: $0)) }
    guard let statistics = try DatasetStatistics(demonstrations: opened) else {
      throw DemonstrationError.noStatistics(file: files[0], reason: "there are no key frames")
    }
    try statistics.write(to: URL(filePath: out), name: name)
  }
}
