extension Table {
  /// The table as a LaTeX float with rules of the package `booktabs`, its notes below.
  ///
  /// It compiles with pdfLaTeX (LaTeX of 2020 or later reads UTF-8), XeLaTeX and LuaLaTeX.
  package func latex() -> String {
    let table = shown(to: .document)
    let alignment = table.columns.indices.map { table.isText(column: $0) ? "l" : "r" }.joined()
    let headings = table.columns.map { Table.latexText($0.headingOnOneLine) }
    let head = [
      "% Needs \\usepackage{booktabs}.",
      "\\begin{table}",
      "  \\centering",
      "  \\caption{\(Table.latexText(title))}",
      "  \\label{tab:\(name.replacing("_", with: "-"))}",
      "  \\begin{tabular}{\(alignment)}",
      "    \\toprule",
      "    \(headings.joined(separator: " & ")) \\\\",
      "    \\midrule",
    ]
    let foot = ["    \\bottomrule", "  \\end{tabular}"]
    let remarks = notes.map { "  \\par\\smallskip{\\footnotesize \(Table.latexText($0))\\par}" }
    return (head + table.latexRows + foot + remarks + ["\\end{table}"])
      .map { $0 + "\n" }.joined()
  }

  /// The name of a group stands in its first row alone, with a little space above.
  private var latexRows: [String] {
    let group = columns.firstIndex(where: \.isGroup)
    return rows.indices.flatMap { row in
      let repeats = group.map { row > 0 && rows[row][$0] == rows[row - 1][$0] } ?? false
      let cells = columns.indices.map { column in
        column == group && repeats ? "" : latexCell(rows[row][column], column: column)
      }
      let line = "    \(cells.joined(separator: " & ")) \\\\"
      return group != nil && row > 0 && !repeats ? ["    \\addlinespace", line] : [line]
    }
  }

  private func latexCell(_ cell: Cell, column: Int) -> String {
    let text = Table.latexText(text(cell, column: column))
    guard case .number = cell, text.hasPrefix("-") else { return text }
    return "$-$" + text.dropFirst()
  }

  /// Text that LaTeX prints as it is, on one line.
  private static func latexText(_ text: String) -> String {
    // By scalars: a bracket with an accent is one character, but a bracket all the same.
    text.visible.unicodeScalars.map { latexEscapes[$0] ?? String($0) }.joined()
  }

  /// What LaTeX would take for a command, and letters that its usual fonts lack.
  private static let latexEscapes: [Unicode.Scalar: String] = [
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#",
    "%": "\\%", "_": "\\_", "^": "\\textasciicircum{}", "~": "\\textasciitilde{}",
    "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}", "\"": "''",
    "`": "\\textasciigrave{}", "'": "\\textquotesingle{}", "–": "--", "…": "\\ldots{}",
    "·": "$\\cdot$", "÷": "$\\div$", "×": "$\\times$", "±": "$\\pm$", "−": "$-$", "≤": "$\\le$",
    "≥": "$\\ge$", "µ": "$\\mu$", "°": "$^\\circ$",
    "→": "$\\to$",
  ]
}
