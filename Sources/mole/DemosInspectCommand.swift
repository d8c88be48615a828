import ArgumentParser

struct DemosInspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show what a demonstration file holds.")
}
