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

  @Option(help: "What the actions mean, for a file that does not declare it.")
  var actionConvention: String?

  func run() throws {
    let demonstrations = try DemonstrationFile(
      opening: URL(fileURLWithPath: file), convention: try convention())
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

  private func convention() throws -> ActionConvention? {
    try actionConvention.map { name in
      guard let convention = ActionConvention(name: name) else {
        throw ValidationError(
          "'--action-convention \(name)' is unknown; name it <position>+<rotation>+<gripper>, "
            + "such as '\(ActionConvention.native.name)'.")
      }
      return convention
    }
  }
}
