import ArgumentParser
import Failures
@preconcurrency import Foundation
import TensorMath

@main
struct Mole: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mole",
    abstract: "Evaluates vision-language-action policies that skip layers.",
    discussion: """
      Lets a policy, and the dense and early-exit baselines of the same checkpoint, act in \
      simulated tasks, or replays recorded demonstrations through them; says how often each succeeds \
      or how near it comes to what was demonstrated, what it computed and which layers it used.

      A first run, without any data:
        mole demos generate --suite mole10 --episodes 5 --out demos
        mole checkpoint init --preset nano -o nano
        mole eval --demos demos/close_box.hdf5 --checkpoint nano \\
          --methods dense,early-exit,mole --out replay
        mole eval --mode rollout --suite mole10 --checkpoint nano \\
          --methods dense,mole,oracle --episodes 2 --out rollout

      Data goes to standard output, messages to standard error.

      Exit codes: 0 fine, 1 the answer is no, 2 cannot tell, 64 usage, 65 bad data, 66 missing \
      input, 70 our fault, 73 cannot write, 130 interrupted.
      """,
    version: "mole 0.1.0",
    subcommands: [
      EvalCommand.self, CompareCommand.self, ReportCommand.self, StatsCommand.self,
      TrainCommand.self, DemosCommand.self, TasksCommand.self, CheckpointCommand.self,
      BenchCommand.self,
    ]
  )

  /// Runs the command; what goes wrong becomes one sentence and its exit code.
  static func main() {
    do {
      guard Processor.suffices else { throw ProcessorError() }
      var command = try parseAsRoot(arguments(CommandLine.arguments))
      try command.run()
      try checkOutput()
    } catch let error as any ExplainedError {
      stop("\(error)", error.kind)
    } catch {
      stop(error)
    }
  }

  /// The arguments without the program's name. Who asks how `eval` is used means its default
  /// subcommand, where the flags are.
  private static func arguments(_ all: [String]) -> [String] {
    let given = Array(all.dropFirst())
    let asksForHelp: Set<[String]> = [["help", "eval"], ["eval", "--help"], ["eval", "-h"]]
    return asksForHelp.contains(given) ? ["eval", "run", "--help"] : given
  }

  /// Standard output may be a file on a full disk.
  private static func checkOutput() throws {
    guard fflush(nil) == 0 else {
      throw OutputError.notWritten(reason: String(cString: strerror(errno)))
    }
    // An earlier part of it may have failed; the last may have been written all the same.
    guard ferror(stdout) == 0 else { throw OutputError.notWritten(reason: "part of it was lost") }
  }

  private static func stop(_ sentence: String, _ kind: FailureKind) -> Never {
    Console.say("mole: \(sentence)")
    Foundation.exit(kind.rawValue)
  }

  /// Ends with the parser's help and exit codes, with its complaints as one sentence, and with
  /// anything else as our fault.
  private static func stop(_ error: any Error) -> Never {
    let code = exitCode(for: error)
    if code == .validationFailure {
      stop(UsageSentence.of(message(for: error), full: fullMessage(for: error)), .usage)
    }
    guard code == .failure, !(error is ExitCode) else { exit(withError: error) }
    stop("An error that has no explanation (\(error)); please report it.", .internalFault)
  }
}

/// The processor is too old for the numeric code.
struct ProcessorError: ExplainedError {
  var kind: FailureKind { .usage }

  var description: String {
    "This processor lacks AVX2 or FMA, which the program is built for; build it without '-mavx2' and"
      + " '-mfma' in Package.swift, or use another machine."
  }
}

/// What can go wrong with standard output.
enum OutputError: ExplainedError {
  case notWritten(reason: String)

  var kind: FailureKind { .cannotWrite }

  var description: String {
    switch self {
    case .notWritten(let reason):
      "Standard output cannot be written (\(reason)); check where it goes."
    }
  }
}
