import ArgumentParser
import Foundation
import Reports
import TensorMath
import Training
import VLAPolicy

struct BenchTrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Time the updates of a training.",
    discussion: """
      Samples and weights are made up. In each turn an update runs (loss, gradient, optimiser), then \
      products of a decoder's shapes and of large squares alone, on as many threads: what the \
      machine reaches at most.

      The small policy with its usual batch:
        mole bench train --preset nano --batch 32
      """)

  @Option(help: "The shape: tiny or nano.")
  var preset = "nano"

  @Option(help: "What is minimised: dense, mole, early-exit, truncate, mod or random.")
  var method = "dense"

  @Option(help: "Samples an update.")
  var batch = 32

  @Option(help: "What the factors of products are rounded to: f32 or bf16.")
  var dtype = "f32"

  @Option(help: "Noise draws a sample.")
  var draws = 8

  @Option(help: "Turns, of which the medians are shown; one more before them is for nobody.")
  var repetitions = 9

  @Option(help: "Threads, and shares of the batch; by default one a processor.")
  var threads: Int?

  @Option(help: "How the table is written.")
  var format = TableFormat.table

  private var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  func validate() throws {
    try check("--threads", threads ?? 1, in: 1...256)
    try check("--draws", draws, in: 1...1024)
    try check("--repetitions", repetitions, in: 5...1000)
    guard batch > 0, batch <= 65536, batch.isMultiple(of: threadCount) else {
      throw ValidationError(
        "'--batch' must be a positive multiple of the \(threadCount) threads, but is \(batch).")
    }
    guard precision != nil else {
      throw ValidationError("'--dtype' knows f32 and bf16, but not '\(dtype)'.")
    }
    guard LearningMethod(rawValue: method) != nil else {
      let known = LearningMethod.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("'--method' knows \(known), but not '\(method)'.")
    }
  }

  private var precision: Recipe.FloatType? { Recipe.FloatType(rawValue: dtype) }

  func run() throws {
    ComputeThreads.set(threadCount)
    var recipe = Recipe()
    recipe.preset = preset
    recipe.method = LearningMethod(rawValue: method) ?? .dense
    (recipe.batch, recipe.lanes) = (batch, threadCount)
    recipe.diffusion.draws = draws
    recipe.precision = precision ?? .f32
    recipe.validation.best = .last
    let progress = ProgressLine(label: "turns")
    let speed = try TrainingSpeed(recipe, repetitions: repetitions) { progress.show($0, of: $1) }
    progress.finish()
    let table = Table.training(speed, recipe, preset: preset)
    print(table.rendered(as: format, width: Console.width), terminator: "")
  }
}

extension Table {
  /// Seconds an update, and its rate beside that of products alone.
  static func training(_ speed: TrainingSpeed, _ recipe: Recipe, preset: String) -> Table {
    Table(
      name: "training", title: "Speed of training: \(preset), \(recipe.method.rawValue)",
      notes: [
        "Batch \(recipe.batch) on \(recipe.lanes) threads, \(speed.tokenCount) tokens and"
          + " \(recipe.diffusion.draws) draws a sample, \(speed.parameterCount) parameters;"
          + " \(recipe.precision.rawValue) factors; medians; 1 MAC = 2 FLOPs.",
        "GMAC: the products of an update, forward and backward. Products alone: of 32-bit floats,"
          + " of a decoder layer's shapes, and 1024 x 1024 x 1024, on as many threads at once.",
      ],
      columns: [
        Column("method"), Column("batch", audience: .data), Column("threads", audience: .data),
        Column("seconds", "update\ns", format: NumberFormat(decimals: 3)),
        Column("samples_per_s", "samples/s", format: NumberFormat(decimals: 1)),
        Column("gmac", "GMAC", format: NumberFormat(decimals: 1)),
        Column("gflop_per_s", "GFLOP/s", format: NumberFormat(decimals: 1)),
        Column("decoder_gflop_per_s", "decoder\nalone", format: NumberFormat(decimals: 1)),
        Column("square_gflop_per_s", "squares\nalone", format: NumberFormat(decimals: 1)),
        Column("share_of_decoder", "share of\ndecoder %", format: .percent()),
        Column("share_of_square", "share of\nsquares %", format: .percent()),
      ],
      rows: [
        [
          .text(recipe.method.rawValue), .number(Double(recipe.batch)),
          .number(Double(recipe.lanes)), .number(speed.seconds),
          .number(Double(recipe.batch) / speed.seconds),
          .number(Double(speed.multiplyAccumulates) / 1e9), .number(2 * speed.rate / 1e9),
          .number(2 * speed.decoderRate / 1e9), .number(2 * speed.squareRate / 1e9),
          .number(speed.rate / speed.decoderRate), .number(speed.rate / speed.squareRate),
        ]
      ])
  }
}
