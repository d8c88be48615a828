import ArgumentParser

struct DemosDoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check a demonstration file for faults.")
}
