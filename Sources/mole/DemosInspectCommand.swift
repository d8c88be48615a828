import ArgumentParser
import Demonstrations
import Foundation
import Images

struct DemosInspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show what a demonstration file holds.")

  @Argument(help: "The HDF5 file: mole's own, robomimic, LIBERO, robosuite or ManiSkill.")
  var file: String

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: "Write a contact sheet of the key frames as PNG.")
  var sheet: String?

  @Option(help: "The camera on the contact sheet; the first by name if not given.")
  var camera: String?

  @Option(help: "Write the normalisation statistics as JSON, as 'dataset_statistics.json'.")
  var statistics: String?

  @Option(
    help: ArgumentHelp(
      "What the actions mean, for a file that does not declare it.",
      discussion: "<position>+<rotation>+<gripper>, such as \(ActionConvention.native.name)."))
  var actionConvention: ActionConvention?

  func run() throws {
    let demonstrations = try DemonstrationFile(
      opening: URL(fileURLWithPath: file), convention: actionConvention)
    let inspection = try Inspection(of: demonstrations)
    if let sheet {
      let image = try demonstrations.contactSheet(camera: camera)
      try PNGFile.write(image, to: URL(fileURLWithPath: sheet))
    }
    if let statistics {
      try inspection.writeStatistics(to: URL(fileURLWithPath: statistics))
    }
    print(json ? try inspection.json() : inspection.description)
  }
}

extension ActionConvention: ExpressibleByArgument {
  public init?(argument: String) {
    self.init(name: argument)
  }
}
