import ArgumentParser

struct DemosCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demos", abstract: "Look at, check and import demonstrations.",
    subcommands: [
      DemosInspectCommand.self, DemosDoctorCommand.self, DemosImportCommand.self,
      DemosSampleCommand.self, DemosStatisticsCommand.self,
    ])
}
