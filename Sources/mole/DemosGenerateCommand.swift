import ArgumentParser
import Collection
import Demonstrations
import Evaluation
import Foundation
import Manipulation
import Outcomes
import TaskSuite
import TensorMath
import VLAPolicy

struct DemosGenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Let scripted experts make demonstrations in simulation.",
    discussion: """
      One file a task. A row is a key frame with its picture, or with '--images all' every control \
      step (20 a second); states and joint angles at that rate are kept in both cases.
      """)

  @Option(help: "The suite whose tasks are demonstrated.")
  var suite: String?

  @Option(help: "Tasks, separated by commas, instead of a suite.")
  var task: NameList?

  @Option(help: "Demonstrations of each task.")
  var episodes = 100

  @Option(help: "Seeds the starts; an evaluation never begins at them.")
  var seed: UInt64 = 0

  @Option(name: [.short, .customLong("out")], help: "The folder to write to.")
  var out: String

  @Option(help: "Which frames have pictures and a row: key frames or all.")
  var images = Images.key

  @Option(help: "Cameras, separated by commas.")
  var cameras = NameList(["front"])

  @Option(help: "The share of episodes to hold back for validation.")
  var valid = 0.1

  @Option(help: "Worlds that run at once; by default one a processor.")
  var workers: Int?

  @Flag(help: "Replace files that are there already.")
  var force = false

  @Flag(help: "Make only the files that are not there yet.")
  var resume = false

  @Option(help: "The side of the pictures in pixels.")
  var imageSize = 224

  @Option(
    help: """
      How far the gripper misses way points on its way at most, in metres; the recorded action is \
      the expert's all the same, so that a policy learns to go on from there.
      """)
  var stray = 0.0

  @Option(
    help: """
      A checkpoint that carries out the first actions of each episode, fewer than the task's budget, before \
      the expert goes on with a budget of its own; recorded are the expert's actions (DAgger).
      """)
  var novice: String?

  @Option(help: "The method by which that checkpoint acts.")
  var noviceMethod = "dense"

  @Option(help: "Which of a task's instructions is given.")
  var instruction = Wording.default

  @OptionGroup var perturb: PerturbationOption
  @OptionGroup var folder: TaskFolderOption

  enum Images: String, CaseIterable, ExpressibleByArgument { case key, all }

  private var taskNames: [String] { task?.names ?? [] }

  func validate() throws {
    guard (suite == nil) != (task == nil) else {
      throw ValidationError("Name either '--suite' or '--task'.")
    }
    guard Set(taskNames).count == taskNames.count else {
      throw ValidationError(
        "'--task' must name different tasks, but is '\(taskNames.joined(separator: ","))'.")
    }
    try check("--episodes", episodes, in: 1...100_000)
    try check(validShare: valid)
    try check("--workers", workers ?? 1, in: 1...256)
    try check("--image-size", imageSize, in: 16...1024)
    try check("--stray", stray, in: 0...0.1)
    guard !(force && resume) else {
      throw ValidationError("Choose one of '--force' and '--resume'.")
    }
  }

  func run() throws {
    Interruption.watch()
    let library = try folder.library()
    let suite = try suite.map(library.suite)
    let names = suite?.tasks ?? taskNames
    let options = EnvironmentOptions(
      cameras: cameras.names, imageSize: imageSize,
      perturbations: perturb.perturbations(of: suite), wording: instruction)
    // All tasks are read before the first runs, so that a mistake in the last costs nothing.
    let scenes = try names.map { try TaskScene(task: $0, library: library) }
    let novice = try novice.map {
      try Novice(checkpoint: $0, method: noviceMethod)
    }
    let folder = try destination(of: names)
    for scene in scenes {
      let url = folder.appending(path: "\(scene.definition.name).hdf5")
      if resume, FileManager.default.fileExists(atPath: url.path) {
        try ensure(url, wasMadeWith: environmentFacts(options, novice))
        Console.say("\(scene.definition.name): there already")
        continue
      }
      try generate(scene, options, novice, to: url)
    }
  }

  /// A file that is there already must be what would be made now.
  private func ensure(_ url: URL, wasMadeWith wanted: [String: String]) throws {
    let file = try DemonstrationFile(opening: url)
    let facts = try file.environmentArguments()
    guard file.episodeCount == episodes, facts == wanted else {
      throw DemonstrationError.cannotWrite(
        url.path,
        reason: "it was made with other episodes, seed, pictures, perturbations, misses or"
          + " novice; make it anew with '--force', or choose another folder")
    }
  }

  /// Makes the folder.
  private func destination(of names: [String]) throws -> URL {
    let folder = URL(filePath: out)
    for name in names where !force && !resume {
      let path = folder.appending(path: "\(name).hdf5").path
      guard !FileManager.default.fileExists(atPath: path) else {
        throw DemonstrationError.cannotWrite(
          path, reason: "it exists already; ask with '--force' or '--resume'")
      }
    }
    try DemosCommand.makeFolder(folder)
    return folder
  }

  private func generate(
    _ scene: TaskScene, _ options: EnvironmentOptions, _ novice: Novice?, to url: URL
  ) throws {
    let task = scene.definition
    let writer = try DemonstrationWriter(
      creating: url, task: task.name, taskVersion: task.versionText,
      environment: environmentFacts(options, novice))
    let plan = CollectionPlan(
      task: task.name, episodes: episodes, seed: seed, keepsAllFrames: images == .all,
      straying: stray)
    let collector = Collector(
      plan: plan, workers: workers ?? ProcessInfo.processInfo.activeProcessorCount,
      novice: novice?.policy
    ) { [images] in
      let environment = try TaskEnvironment(scene, options: options)
      environment.keepsMotion = true
      environment.showsMotion = images == .all
      return environment
    }
    let progress = ProgressLine(label: "demonstrations of \(task.name)")
    let summary = try collector.collect(
      into: writer, shouldStop: { Interruption.isRequested },
      report: { progress.show($0, of: episodes) })
    progress.finish()
    guard summary.demonstrations == episodes else { throw ExitCode(130) }
    let split = TrainingSplit(
      of: writer.episodeNames, validShare: valid, seed: seed, task: task.name)
    try writer.finish(train: split.train, valid: split.valid)
    print(url.path)
    say(summary, task: task.name)
  }

  /// What made the recordings, for the file's `env_args`.
  private func environmentFacts(
    _ options: EnvironmentOptions, _ novice: Novice?
  ) -> [String: String] {
    var facts = [
      "cameras": options.cameras.joined(separator: ","),
      "image_size": String(options.imageSize),
      "instruction": options.wording.rawValue,
      "perturbations": options.perturbations.map(\.rawValue).joined(separator: ","),
      "seed": String(seed),
      "stray": String(stray),
    ]
    facts["novice"] = novice?.description
    return facts
  }

  private func say(_ summary: CollectionSummary, task: String) {
    let failed = summary.failures.values.reduce(0, +)
    let reasons = summary.failures.sorted { $0.key < $1.key }.map { "\($0.value) x \($0.key)" }
    Console.say(
      "\(task): \(summary.demonstrations) demonstrations, \(summary.frames) rows"
        + (failed == 0
          ? "."
          : "; the expert failed at \(failed) starts, which were replaced ("
            + reasons.joined(separator: ", ") + ")."))
  }
}

/// The policy that begins.
private struct Novice {
  let policy: any Policy
  /// Says which it is: its method, and the digest of each file.
  let description: String

  /// - Throws: What is wrong with the checkpoint or the method.
  init(checkpoint: String, method: String) throws {
    let digests = try FileDigest.all(inFolder: checkpoint)
    description = ([method] + digests.map { "\($0.path) \($0.sha256)" }).joined(separator: ", ")
    // Each world asks for itself, and several run at once.
    ComputeThreads.set(1)
    let network = try VLANetwork(checkpoint: URL(filePath: checkpoint))
    policy = try LayerSkippingPolicy(
      network: network,
      method: try LayerMethod(method, keep: 0.5, depth: network.decoder.depth))
  }
}
