import Evaluation
import Manipulation
import Outcomes
import Reports

/// A row an episode that was taken again.
enum RepetitionTable {
  static func table(_ lines: [RepeatedLine]) -> Table {
    Table(
      name: "verify", title: "Episodes that were taken again",
      notes: ["differs in: what is another first, and at which step, counted from 0"],
      columns: [
        Table.Column("line"), Table.Column("method"), Table.Column("task"),
        Table.Column("episode"), Table.Column("steps"), Table.Column("result"),
        Table.Column("step"), Table.Column("difference", "differs in"),
      ],
      rows: lines.map(row))
  }

  private static func row(_ line: RepeatedLine) -> [Table.Cell] {
    let outcome = line.recorded.outcome
    return [
      .number(Double(line.recorded.number)), .text(outcome.method), .text(outcome.episode.task),
      .text(outcome.episode.name), .number(Double(outcome.queries.count)),
      .text(line.difference == nil ? "same" : "different"),
      line.difference?.step.map { .number(Double($0)) } ?? .empty,
      line.difference.map { .text($0.what) } ?? .empty,
    ]
  }
}
