import ArgumentParser
import Demonstrations
import Foundation

struct DemosCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demos", abstract: "Inspect, check, import and make demonstrations.",
    subcommands: [
      DemosInspectCommand.self, DemosDoctorCommand.self, DemosImportCommand.self,
      DemosSampleCommand.self, DemosStatisticsCommand.self, DemosGenerateCommand.self,
      DemosReplayCommand.self,
    ])

  /// Makes the folder that demonstrations go to, where it is not there.
  ///
  /// - Throws: `DemonstrationError.cannotWrite`.
  static func makeFolder(_ url: URL) throws {
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw DemonstrationError.cannotWrite(url.path, reason: error.localizedDescription)
    }
  }
}
