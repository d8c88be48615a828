import ArgumentParser
import Demonstrations
import Foundation

struct DemosDoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check a demonstration file for faults.",
    discussion: """
      Looks for wrong lengths, numbers that are not finite, constant frames, quaternions that are \
      not of unit length or in another order, a gripper the wrong way round, and episodes that are \
      in both masks. Exits with 1 when something is wrong and with 65 when the file cannot be \
      understood.
      """)

  @Argument(help: "The HDF5 file.")
  var file: String

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: "What the actions mean, for a file that does not declare it.")
  var actionConvention: ActionConvention?

  func run() throws {
    let demonstrations = try DemonstrationFile(
      opening: URL(fileURLWithPath: file), convention: actionConvention)
    let progress = ProgressLine(label: "episodes")
    let findings = try FileDoctor(demonstrations).examine {
      progress.show($0, of: demonstrations.episodeCount)
    }
    progress.finish()
    let report = HealthReport(of: demonstrations, findings: findings)
    print(json ? try report.json() : report.description)
    if !report.isHealthy { throw ExitCode(1) }
  }
}
