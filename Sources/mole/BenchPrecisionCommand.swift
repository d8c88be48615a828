import ArgumentParser
import Benchmarks
import Evaluation
import Foundation
import Manipulation
import Outcomes
import Reports
import TensorMath
import VLAPolicy

struct BenchPrecisionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "precision",
    abstract: "Hold answers in bf16 or int8 against those in more bits, on demonstrations.",
    discussion: """
      Asks the checkpoint for the key frames of demonstrations in each type, one after the other. \
      Says how long a question takes, how far the normalised actions are from those of the first \
      type, and how often the same layers are chosen.
      """)

  @Option(help: "The checkpoint folder.")
  var checkpoint: String

  @Option(name: .customLong("demos"), parsing: .upToNextOption, help: "Demonstration files.")
  var demonstrations: [String]

  @Option(help: "Types with commas between; the first is what the others are held against.")
  var dtype = NameList(["bf16", "int8"])

  @Option(help: "Methods with commas between.")
  var methods = NameList(["dense", "mole"])

  @Option(help: "The share of the layers that runs where a method names none.")
  var keep = 0.5

  @Option(help: "Key frames that are asked for, taken evenly from all.")
  var queries = 20

  @Option(help: "The camera; the checkpoint's own when not given.")
  var camera: String?

  @Option(
    help: """
      The data set whose statistics tell of the gripper; needed where the checkpoint knows several \
      and is told of it.
      """)
  var unnormKey: String?

  @OptionGroup var settings: ConfigurationSettings

  @Option(help: "Threads; as many as processors when not given.")
  var threads: Int?

  @Option(help: "How the table is written.")
  var format = TableFormat.table

  func validate() throws {
    guard keep > 0, keep <= 1 else {
      throw ValidationError("'--keep' must be in (0, 1], but is \(keep).")
    }
    try check("--queries", queries, in: 1...100_000)
    try check("--threads", threads ?? 1, in: 1...1024)
    _ = try precisions()
  }

  func run() throws {
    ComputeThreads.set(threads ?? ProcessInfo.processInfo.activeProcessorCount)
    let folder = try CheckpointFolder(URL(filePath: checkpoint), settings: settings.set)
    let camera = try camera ?? folder.policy().image.camera
    let questions = try questions(camera: camera)
    let progress = ProgressLine(label: "questions")
    let comparison = try PrecisionComparison(
      precisions: try precisions(), methods: methods.names, keep: keep, queries: questions,
      camera: camera, unnormKey: unnormKey, load: { try VLANetwork(folder, precision: $0) },
      progress: { progress.show($0, of: $1) })
    progress.finish()
    let table = Table.precision(comparison, questionCount: questions.count)
    print(table.rendered(as: format, width: Console.width), terminator: "")
  }

  private func precisions() throws -> [Precision] {
    try dtype.names.map { name in
      guard let type = ProductType(rawValue: name) else {
        throw ValidationError(
          "'--dtype' must be of f32, bf16 and int8 with commas between, but has '\(name)'.")
      }
      return type.precision
    }
  }

  /// Key frames, taken evenly from all that the files have.
  private func questions(camera: String) throws -> [PolicyQuery] {
    var plan = EvaluationPlan(demonstrations: demonstrations, methods: ["dense"])
    plan.camera = camera
    plan.calibrationEpisodes = queries
    let all = try demonstrations.flatMap {
      try DemonstrationSource(opening: $0, plan: plan).calibrationQueries()
    }
    guard all.count > queries else { return all }
    return (0..<queries).map { all[$0 * all.count / queries] }
  }
}
