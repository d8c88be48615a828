import ArgumentParser
import Demonstrations
import Foundation

struct DemosDoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check a demonstration file for faults.",
    discussion: "Exits with 1 when something is wrong and with 65 when the file cannot be read.")

  @Argument(help: "The HDF5 file.")
  var file: String

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: "What the actions mean, for a file that does not declare it.")
  var actionConvention: ActionConvention?

  func run() throws {
    let demonstrations = try DemonstrationFile(
      opening: URL(fileURLWithPath: file), convention: actionConvention)
    let report = HealthReport(
      of: demonstrations, findings: try FileDoctor(demonstrations).examine())
    print(json ? try report.json() : report.description)
    if !report.isHealthy { throw ExitCode(1) }
  }
}
