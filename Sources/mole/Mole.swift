import ArgumentParser
import Failures
import Foundation

@main
struct Mole: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mole",
    abstract: "Evaluates vision-language-action policies that skip layers.",
    subcommands: [EvalCommand.self, ReportCommand.self, DemosCommand.self, CheckpointCommand.self]
  )

  /// Runs the command; an `ExplainedError` becomes one sentence and its exit code.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let error as any ExplainedError {
      FileHandle.standardError.write(Data("mole: \(error)\n".utf8))
      Foundation.exit(error.kind.rawValue)
    } catch {
      exit(withError: error)
    }
  }
}
