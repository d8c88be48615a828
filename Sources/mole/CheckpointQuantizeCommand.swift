import ArgumentParser
import Checkpoints
import Foundation
import Manipulation
import Reports
import VLAPolicy

struct CheckpointQuantizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize", abstract: "Make an int8 checkpoint of one in floating point.",
    discussion: """
      The weights of the linear maps of towers, projector, decoder and diffusion head become 8-bit \
      integers with one scale an output channel, rounded to nearest; everything else is taken over \
      as it is. Weights are read and written piece by piece, so that a checkpoint of any size needs \
      little memory.
      """)

  @Argument(help: "The checkpoint folder.")
  var checkpoint: String

  @Option(name: [.short, .customLong("out")], help: "The folder to make.")
  var out: String

  @Option(help: "How the table is printed.")
  var format: TableFormat = .table

  func run() throws {
    let progress = ProgressLine(label: "tensors")
    let summary = try QuantizedCheckpoint.write(
      URL(filePath: checkpoint), to: URL(filePath: out),
      progress: { progress.show($0, of: $1) })
    progress.finish()
    let table = Table.quantization(summary)
    print(table.rendered(as: format, width: Console.width), terminator: "")
  }
}

extension Table {
  /// Bytes before and after, and the largest rounding error, by part.
  static func quantization(_ summary: QuantizedCheckpoint.Summary) -> Table {
    let parts = summary.parts.map { part in
      quantizationRow(
        part.part.rawValue, part.tensorCount, part.byteCountBefore, part.byteCountAfter,
        error: part.largestError, weight: part.worstWeight)
    }
    let copied = quantizationRow(
      "as stored", summary.copiedCount, summary.copiedByteCount, summary.copiedByteCount)
    let worst = summary.parts.max { $0.largestError < $1.largestError }
    let total = quantizationRow(
      "total", summary.copiedCount + summary.parts.reduce(0) { $0 + $1.tensorCount },
      summary.copiedByteCount + summary.parts.reduce(0) { $0 + $1.byteCountBefore },
      summary.copiedByteCount + summary.parts.reduce(0) { $0 + $1.byteCountAfter },
      error: worst?.largestError, weight: worst?.worstWeight ?? "")
    return Table(
      name: "quantization", title: "Weights as int8",
      notes: [
        "Error: |w - q scale| / |w| of a whole weight, the largest of the part and where it is.",
        "As stored: embeddings, language head, routers, norms, biases and what no part reads.",
      ],
      columns: [
        Column("part"), Column("tensors"), Column("bytes_before", "bytes\nbefore"),
        Column("bytes_after", "bytes\nafter"),
        Column("largest_relative_error", "largest\nerror", format: NumberFormat(decimals: 5)),
        Column("weight"),
      ],
      rows: parts + [copied, total])
  }

  private static func quantizationRow(
    _ part: String, _ tensors: Int, _ before: Int, _ after: Int, error: Double? = nil,
    weight: String = ""
  ) -> [Cell] {
    [
      .text(part), .number(Double(tensors)), .number(Double(before)), .number(Double(after)),
      error.map { .number($0) } ?? .empty, .text(weight),
    ]
  }
}
