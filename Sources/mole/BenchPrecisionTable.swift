import Benchmarks
import Reports
import TensorMath
import VLAPolicy

extension Table {
  /// Errors of smaller numbers beside their speed.
  static func precision(_ comparison: PrecisionComparison, questionCount: Int) -> Table {
    let first = comparison.rows.first?.precision
    return Table(
      name: "precision", title: "What smaller numbers cost and save",
      notes: [
        "On \(questionCount) key frames. Errors are against \(first?.rawValue ?? "") of the same"
          + " method: the norm of the normalised actions' difference as a share of their norm.",
        "Layers: the share of the decisions that are the same, and of the key frames on which all"
          + " are. Times are medians of a whole question; the threads had a processor"
          + " \(Int((comparison.processorShare * 100).rounded())) % of the time.",
      ],
      columns: [
        Column("method"), Column("dtype"),
        Column("seconds", "a question\nms", format: NumberFormat(scale: 1000, decimals: 1)),
        Column("speedup", "times\nfaster", format: NumberFormat(decimals: 2)),
        Column("median_action_error", "action error\nmedian %", format: .percent(decimals: 2)),
        Column("largest_action_error", "largest\n%", format: .percent(decimals: 2)),
        Column("layer_agreement", "layers\nalike %", format: .percent()),
        Column("same_layers", "all alike\n%", format: .percent()),
      ],
      rows: comparison.rows.map { row in
        let exact = comparison.rows.first { $0.method == row.method }
        let errors = row.actionErrors.sorted()
        return [
          .text(row.method.name), .text(row.precision.rawValue), .number(row.seconds),
          .number((exact?.seconds ?? row.seconds) / row.seconds),
          .number(errors[errors.count / 2]), .number(errors.last ?? 0),
          .number(row.layerAgreement), .number(row.sameLayers),
        ]
      })
  }
}
