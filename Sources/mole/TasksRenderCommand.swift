import ArgumentParser
import Foundation
import Images
import Manipulation
import TaskSuite

struct TasksRenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Draw a task's start, or the expert's steps, as a PNG.",
    discussion: """
      With '--suite', a contact sheet: start and end of the expert's episode of every task, with \
      the perturbations that the suite switches on.
      """)

  @OptionGroup var folder: TaskFolderOption
  @OptionGroup var perturb: PerturbationOption

  @Argument(help: "The task's name.")
  var name: String?

  @Option(help: "Draw every task of this suite.")
  var suite: String?

  @Option(name: [.short, .customLong("out")], help: "The PNG file to write.")
  var out: String

  @Option(help: "The camera, or all.")
  var camera = "front"

  @Option(help: "The side of each picture in pixels.")
  var size = 224

  @Option(help: "Seeds the episode.")
  var seed: UInt64 = 0

  @Option(help: "The variation, from 0.")
  var variation = 0

  @Flag(help: "Draw every step of the expert.")
  var strip = false

  @Flag(help: "Draw start and end of the expert's episode.")
  var pair = false

  func validate() throws {
    guard (name == nil) != (suite == nil) else {
      throw ValidationError("Name either one task or a suite with '--suite'.")
    }
    guard !(strip && pair), suite == nil || !(strip || pair) else {
      throw ValidationError("Choose one of '--suite', '--strip' and '--pair'.")
    }
    guard suite == nil || camera != "all" && variation == 0 else {
      throw ValidationError("A sheet of a suite shows one camera and the first variation.")
    }
    try check("--size", size, in: 16...1024)
  }

  func run() throws {
    let library = try folder.library()
    let image = try name.map { try picture(of: $0, in: library) } ?? sheet(in: library)
    try PNGFile.write(image, to: URL(fileURLWithPath: out))
  }

  private func environment(
    _ task: String, of suite: Suite? = nil, in library: TaskLibrary
  ) throws -> TaskEnvironment {
    let cameras = camera == "all" ? EnvironmentOptions.allCameras : [camera]
    return try TaskEnvironment(
      try TaskScene(task: task, library: library),
      options: EnvironmentOptions(
        cameras: cameras, imageSize: size, perturbations: perturb.perturbations(of: suite)))
  }

  /// One task: a row a camera, a column a moment.
  private func picture(of task: String, in library: TaskLibrary) throws -> RGBImage {
    let environment = try environment(task, in: library)
    let moments = try moments(of: environment)
    return RGBImage.contactSheet(
      rows: environment.options.cameras.map { camera in
        moments.compactMap { $0.images[camera] }
      }, padding: 2)
  }

  private func moments(of environment: TaskEnvironment) throws -> [Observation] {
    guard strip || pair else {
      return [try environment.start(seed: seed, variation: variation).observation]
    }
    let run = try ExpertRun(in: environment, seed: seed, variation: variation)
    let outcome =
      run.isSolved ? "solved" : run.failure.map { "failed: \($0.rawValue)" } ?? "not solved"
    Console.say(
      "\(environment.task): \(outcome) after \(run.actions.count) actions and"
        + " \(String(format: "%.1f", run.duration)) simulated seconds")
    return strip ? run.observations : [run.observations[0], run.observations[run.actions.count]]
  }

  /// A suite: start and end of every task.
  private func sheet(in library: TaskLibrary) throws -> RGBImage {
    let suite = try suite.map(library.suite)
    let tasks = suite?.tasks ?? []
    let progress = ProgressLine(label: "tasks")
    var cells: [LabelledSheet.Cell] = []
    for (index, task) in tasks.enumerated() {
      let environment = try environment(task, of: suite, in: library)
      let run = try ExpertRun(in: environment, seed: seed, variation: 0)
      let shown = [run.observations[0], run.observations[run.actions.count]]
      let camera = environment.options.cameras[0]
      cells.append(
        LabelledSheet.Cell(
          label: task.replacingOccurrences(of: "_", with: " "),
          images: shown.compactMap { $0.images[camera] }))
      progress.show(index + 1, of: tasks.count)
    }
    progress.finish()
    return try LabelledSheet.compose(cells, columns: min(4, cells.count))
  }
}
