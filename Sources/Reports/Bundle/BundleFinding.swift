/// Something in a bundle that is not what it was, or not what follows from its runs.
package struct BundleFinding: Equatable, Sendable {
  /// The file's path within the bundle.
  package var file: String
  /// The row of a table, by its number from 1 and its words; the line of another text.
  package var row: String?
  /// The column of a table.
  package var column: String?
  /// What is the matter, as half a sentence.
  package var problem: String

  package init(file: String, row: String? = nil, column: String? = nil, problem: String) {
    (self.file, self.row, self.column, self.problem) = (file, row, column, problem)
  }
}

extension BundleFinding {
  /// The findings as a table.
  package static func table(_ findings: [BundleFinding]) -> Table {
    Table(
      name: "findings", title: "What is not as it was", notes: [],
      columns: [
        Table.Column("file"), Table.Column("row"), Table.Column("column"),
        Table.Column("problem"),
      ],
      rows: findings.map { finding in
        [finding.file, finding.row, finding.column, finding.problem].map { text in
          text.map { .text($0.visible) } ?? .empty
        }
      })
  }
}
