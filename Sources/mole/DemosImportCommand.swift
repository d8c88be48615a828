import ArgumentParser
import Demonstrations
import Foundation

struct DemosImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Import demonstrations from RLBench or RLDS.",
    subcommands: [RLBench.self, RLDS.self])

  /// What both kinds of import ask for.
  struct Output: ParsableArguments {
    @Option(
      name: [.customShort("o"), .customLong("output")],
      help: "The file to write, or a folder for one file a task.")
    var path: String

    @Option(help: "The share of episodes to hold back for validation.")
    var valid = 0.0

    @Option(help: "Seeds the choice of validation episodes and random instructions.")
    var seed: UInt64 = 0

    @Flag(help: "Replace files that are there already.")
    var force = false

    var url: URL { URL(fileURLWithPath: path) }

    func validate() throws {
      try check(validShare: valid)
    }
  }
}

extension DemosImportCommand {
  struct RLBench: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rlbench",
      abstract: "Import RLBench's own folders, or PerAct's variant of them.",
      discussion: "The folder is a task's, or one that holds several tasks.")

    @Argument(help: "The folder of demonstrations.", completion: .directory)
    var dir: String

    @OptionGroup var output: Output

    @Option(help: "Cameras, separated by commas.")
    var cameras = NameList(["front"])

    @Option(help: "The rule for key frames.")
    var keyframes = KeyframeRule.lift3d

    @Option(help: "Which frames to store: key frames or all.")
    var frames = Frames.key

    @Flag(help: "Store depth in metres.")
    var depth = false

    @Option(help: "Which of the instructions to store.")
    var instruction = InstructionChoice.first

    enum Frames: String, CaseIterable, ExpressibleByArgument { case key, all }

    func run() throws {
      let tasks = try RLBenchFolder.tasks(in: URL(fileURLWithPath: dir))
      var importer = RLBenchImporter()
      importer.cameras = cameras.names
      importer.keyframeRule = keyframes
      importer.storesAllFrames = frames == .all
      importer.storesDepth = depth
      importer.instruction = instruction
      importer.seed = output.seed
      for (task, url) in try destinations(of: tasks) {
        let progress = ImportProgress(task: task.name, episodeCount: task.episodes.count)
        let file = try importer.importTask(
          task, to: url, validShare: output.valid, replacing: output.force,
          progress: progress.report)
        progress.finish(file)
      }
    }

    /// One file for one task; a folder for several, or where there is one.
    private func destinations(of tasks: [RLBenchTaskFolder]) throws -> [(RLBenchTaskFolder, URL)] {
      var isFolder: ObjCBool = false
      let isThere = FileManager.default.fileExists(atPath: output.path, isDirectory: &isFolder)
      guard tasks.count > 1 || isFolder.boolValue else { return tasks.map { ($0, output.url) } }
      guard isFolder.boolValue || !isThere else {
        throw ValidationError(
          "'-o' must be a folder for \(tasks.count) tasks, but '\(output.path)' is a file.")
      }
      try DemosCommand.makeFolder(output.url)
      return tasks.map { ($0, output.url.appendingPathComponent("\($0.name).hdf5")) }
    }
  }
}

extension DemosImportCommand {
  struct RLDS: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rlds",
      abstract: "Import a data set in RLDS' form, as TFDS writes it.",
      discussion: "The folder holds dataset_info.json, features.json and the TFRecord shards.")

    @Argument(help: "The data set's folder.", completion: .directory)
    var dir: String

    @OptionGroup var output: Output

    @Option(
      help: """
        What the actions mean, as MoLe-VLA's or as Bridge's. (default: known from the names \
        rlbench… and bridge…)
        """)
    var actions: Actions?

    @Option(help: "The observation to take as the picture. (default: image or image_0)")
    var image: String?

    @Option(help: "The observation to take as the state. (default: proprio or state)")
    var state: String?

    @Option(help: "The name that the picture gets.")
    var cameraName = "front"

    @Option(help: "The task's name. (default: the data set's)")
    var task: String?

    @Flag(
      help: """
        Make a folder with one file an instruction, for sets that tell their tasks by it alone.
        """)
    var taskPerInstruction = false

    enum Actions: String, CaseIterable, ExpressibleByArgument {
      case native = "world-delta+absolute-euler"
      case deltas = "world-delta+delta-euler"

      var convention: ActionConvention { self == .native ? .native : .deltas }
    }

    func run() throws {
      var importer = try RLDSImporter(
        folder: URL(fileURLWithPath: dir), convention: actions?.convention, image: image,
        state: state)
      importer.cameraName = cameraName
      if actions == nil {
        let meaning = importer.convention == .native ? Actions.native : .deltas
        Console.say(
          "The actions of '\(importer.name)' are taken as '\(meaning.rawValue)', by its name.")
      }
      for split in importer.absentSplits {
        Console.say("The split '\(split)' is left out: none of its files is there.")
      }
      if taskPerInstruction { try DemosCommand.makeFolder(output.url) }
      let progress = ImportProgress(
        task: task ?? importer.name, episodeCount: importer.episodeCount)
      let files = try importer.importAll(
        to: output.url, division: taskPerInstruction ? .byInstruction : .whole(task: task),
        validShare: output.valid, seed: output.seed, replacing: output.force,
        progress: progress.report)
      for file in files { progress.finish(file) }
    }

    func validate() throws {
      guard task == nil || !taskPerInstruction else {
        throw ValidationError("'--task' names one task; leave it or '--task-per-instruction' out.")
      }
    }
  }
}

extension KeyframeRule: ExpressibleByArgument {}
extension InstructionChoice: ExpressibleByArgument {}

/// Tells how far an import is: lines on standard error, the result on standard output.
private struct ImportProgress {
  var task: String
  var episodeCount: Int
  private let line: ProgressLine

  init(task: String, episodeCount: Int) {
    self.task = task
    self.episodeCount = episodeCount
    line = ProgressLine(label: "episodes of \(task)")
  }

  func report(_ done: Int) { line.show(done, of: episodeCount) }

  func finish(_ file: ImportedFile) {
    line.finish()
    if file.emptyInstructionCount > 0 {
      Console.say(
        "\(task): \(file.emptyInstructionCount) episodes have an empty instruction")
    }
    print(
      "\(file.url.relativePath): \(file.episodeCount) episodes (\(file.validCount) for validation), "
        + "\(file.frameCount) frames, \(file.keyframeCount) key frames")
  }
}
