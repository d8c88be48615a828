import ArgumentParser

struct DemosCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demos", abstract: "Inspect, check, import and make demonstrations.",
    subcommands: [
      DemosInspectCommand.self, DemosDoctorCommand.self, DemosImportCommand.self,
      DemosSampleCommand.self, DemosStatisticsCommand.self, DemosGenerateCommand.self,
      DemosReplayCommand.self,
    ])
}
