import ArgumentParser

struct DemosImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Import demonstrations from RLBench or RLDS.")
}
