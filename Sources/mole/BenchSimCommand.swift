import ArgumentParser
import Collection
import Foundation
import Reports
import TaskSuite

struct BenchSimCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sim", abstract: "Time physics steps, pictures and closed-loop episodes.",
    discussion: """
      Steps and pictures are medians of one thread. Episodes are those of the scripted expert, who \
      decides at no cost, with as many worlds at once as there are workers.
      """)

  @Option(help: "The suite whose tasks are timed. (default: all12)")
  var suite: String?

  @Option(help: "Tasks, separated by commas, instead of a suite.")
  var task: NameList?

  @Option(help: "Measurements of steps and pictures, of which the median is shown.")
  var repetitions = 9

  @Option(help: "Closed-loop episodes of each task, with and without pictures; 0 leaves them out.")
  var episodes = 4

  @Option(help: "Worlds that run at once; by default one a processor.")
  var workers: Int?

  @Option(help: "The side of the pictures in pixels.")
  var imageSize = 224

  @OptionGroup var folder: TaskFolderOption

  @Option(help: "How the table is written.")
  var format = TableFormat.table

  func validate() throws {
    guard suite == nil || task == nil else {
      throw ValidationError("Name either '--suite' or '--task'.")
    }
    try check("--repetitions", repetitions, in: 5...1000)
    try check("--episodes", episodes, in: 0...10_000)
    try check("--workers", workers ?? 1, in: 1...256)
    try check("--image-size", imageSize, in: 16...1024)
  }

  func run() throws {
    let library = try folder.library()
    let names = try task?.names ?? library.suite(suite ?? "all12").tasks
    let scenes = try names.map { try TaskScene(task: $0, library: library) }
    let progress = ProgressLine(label: "tasks timed")
    var speeds: [SimulationSpeed] = []
    for scene in scenes {
      speeds.append(try speed(of: scene))
      progress.show(speeds.count, of: scenes.count)
    }
    progress.finish()
    let table = Table.simulation(speeds, imageSize: imageSize, workers: workerCount)
    print(table.rendered(as: format, width: Console.width), terminator: "")
  }

  private var workerCount: Int { workers ?? ProcessInfo.processInfo.activeProcessorCount }

  private func speed(of scene: TaskScene) throws -> SimulationSpeed {
    let times = try SimulationTimes(
      of: scene, cameras: EnvironmentOptions.allCameras, imageSize: imageSize,
      repetitions: repetitions)
    guard episodes > 0 else { return SimulationSpeed(times: times) }
    return SimulationSpeed(
      times: times, unseen: try closedLoop(scene, cameras: []),
      seen: try closedLoop(scene, cameras: [EnvironmentOptions.allCameras[0]]))
  }

  private func closedLoop(_ scene: TaskScene, cameras: [String]) throws -> ClosedLoopSpeed {
    let options = EnvironmentOptions(cameras: cameras, imageSize: imageSize)
    return try ClosedLoopSpeed(episodes: episodes, workers: workerCount) {
      try TaskEnvironment(scene, options: options)
    }
  }
}
