import ArgumentParser
import Collection
import Demonstrations
import Foundation
import Manipulation
import TaskSuite

struct DemosReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Carry recorded demonstrations out again and check their result.",
    discussion: """
      Each episode starts from its recorded state; its key-frame actions are carried out, the \
      states are compared with the recorded ones, and the task must be solved at the end. Ends with \
      exit code 1 when an episode is not solved, or when a state is further from the recorded one \
      than '--tolerance'. A file that was generated on this machine has a state error of 0.

      Perturbed worlds are made again from what the file says of them.
      """)

  @Argument(help: "The HDF5 files.", completion: .file())
  var files: [String]

  @Option(help: "Only the first episodes of each file.")
  var episodes: Int?

  @OptionGroup var folder: TaskFolderOption

  @Option(help: "The greatest state error that passes; 'inf' lets all pass.")
  var tolerance = 0.001

  @Flag(help: "Print a line for each episode, not only for each file.")
  var verbose = false

  func validate() throws {
    guard tolerance >= 0 else {
      throw ValidationError("'--tolerance' must be at least 0, but is \(tolerance).")
    }
    try check("--episodes", episodes ?? 1, in: 1...1_000_000)
  }

  func run() throws {
    Interruption.watch()
    let library = try folder.library()
    var allFine = true
    for path in files {
      let file = try DemonstrationFile(opening: URL(filePath: path))
      let result = try replay(file, library: library)
      print(result.line)
      allFine = allFine && result.solved == result.episodes && result.largestError <= tolerance
      if result.largestError > tolerance {
        Console.say(
          "'\(path)': states differ from the recorded ones by more than \(tolerance); it was made on"
            + " another machine (then see '--tolerance'), or changed.")
      }
    }
    guard allFine else { throw ExitCode(1) }
  }

  private struct FileResult {
    var task: String
    var episodes = 0
    var solved = 0
    var exact = 0
    var largestError = 0.0

    var line: String {
      "\(task): \(solved) of \(episodes) solved, \(exact) with every state bit for bit,"
        + " largest state error \(String(format: "%.3g", largestError))"
    }
  }

  private func replay(_ file: DemonstrationFile, library: TaskLibrary) throws -> FileResult {
    guard library.taskNames.contains(file.task) else {
      throw CollectionError.noWorld(task: file.task, file: file.url.path)
    }
    let scene = try TaskScene(task: file.task, library: library)
    let environment = try TaskEnvironment(scene, options: EnvironmentOptions(cameras: []))
    let replay = DemonstrationReplay(of: file, in: environment)
    let count = min(episodes ?? .max, file.episodeCount)
    let progress = ProgressLine(label: "episodes of \(file.task)")
    defer { progress.finish() }
    var result = FileResult(task: file.task)
    for index in 0..<count {
      guard !Interruption.isRequested else { throw ExitCode(130) }
      let episode = try replay.replay(index)
      result.episodes += 1
      result.solved += episode.isSolved ? 1 : 0
      result.exact += episode.stateError == 0 ? 1 : 0
      result.largestError = max(result.largestError, episode.stateError)
      if verbose || !episode.isSolved {
        let end = episode.failure?.rawValue ?? (episode.isSolved ? "solved" : "not solved")
        Console.say(
          "\(episode.name): \(end) after \(episode.actions) actions, state error"
            + " \(String(format: "%.3g", episode.stateError))")
      }
      progress.show(index + 1, of: count)
    }
    return result
  }
}
