extension Table {
  /// The table as GitHub-flavoured Markdown with its title, and its notes below.
  package func markdown() -> String {
    let table = shown(to: .document)
    let headings = table.columns.map { Table.markdownText($0.headingOnOneLine) }
    let rules = table.columns.indices.map { table.isText(column: $0) ? ":--" : "--:" }
    let rows = table.rows.map { row in
      row.enumerated().map { Table.markdownText(table.text($1, column: $0)) }
    }
    let lines = ([headings, rules] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
    let remarks = notes.map { "- " + Table.markdownText($0) }
    return (["### " + Table.markdownText(title), ""] + lines + [""] + remarks)
      .joined(separator: "\n") + "\n"
  }

  /// Text that Markdown and HTML leave as it is, on one line.
  private static func markdownText(_ text: String) -> String {
    // By scalars: a bracket with an accent is one character, but a bracket all the same.
    text.visible.unicodeScalars.map { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "|", "\\", "`", "*", "[", "]": "\\\(scalar)"
      default: String(scalar)
      }
    }.joined()
  }
}
