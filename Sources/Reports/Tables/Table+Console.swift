extension Table {
  /// The table for a terminal: aligned columns, headings of several lines, groups indented under
  /// their heading. Where `width` would be exceeded, the widest column of words is cut, and where
  /// that is not enough, columns that are not for a narrow console are left out.
  package func console(width: Int = 120) -> String {
    let roomy = ConsoleLayout(table: shown(to: .console), width: width)
    let body =
      roomy.totalWidth <= width
      ? roomy : ConsoleLayout(table: shown(to: [.console, .narrow]), width: width)
    let title = self.title.visible
    let remarks = notes.flatMap { $0.visible.wrapped(to: width - 2) }
    return ([title, ""] + body.lines + [""] + remarks.map { "  " + $0 })
      .map { $0.trimmingTrailingSpaces + "\n" }.joined()
  }
}

/// The lines of a table on a console.
private struct ConsoleLayout {
  private let table: Table
  /// The columns that are shown, without the one that groups.
  private let columns: [Int]
  private let group: Int?
  private var texts: [[String]]
  private var widths: [Int]
  private var gap = 2
  /// Names are not cut shorter than this.
  private static let leastWordWidth = 12

  init(table: Table, width: Int) {
    self.table = table
    let group = table.columns.firstIndex(where: \.isGroup)
    self.group = group
    let columns = table.columns.indices.filter { $0 != group }
    self.columns = columns
    let isText = Dictionary(uniqueKeysWithValues: columns.map { ($0, table.isText(column: $0)) })
    texts = table.rows.map { row in
      columns.enumerated().map { position, column in
        // Rows of a group are indented, by the first of their columns.
        let indent = group != nil && position == 0 && isText[column] == true ? "  " : ""
        return indent + table.text(row[column], column: column).visible
      }
    }
    widths = columns.map { column in
      ConsoleLayout.headingLines(table, column).map(\.count).max() ?? 0
    }
    for row in texts {
      for (position, text) in row.enumerated() {
        widths[position] = max(widths[position], text.count)
      }
    }
    fit(into: width)
  }

  private static func headingLines(_ table: Table, _ column: Int) -> [String] {
    table.columns[column].heading.split(separator: "\n").map { $0.visible }
  }

  var totalWidth: Int { widths.reduce(0, +) + gap * max(0, widths.count - 1) }

  /// Narrows the gaps, then the widest column of words.
  private mutating func fit(into width: Int) {
    if totalWidth > width { gap = 1 }
    let words = columns.indices.filter { table.isText(column: columns[$0]) }
    guard totalWidth > width, let widest = words.max(by: { widths[$0] < widths[$1] }) else {
      return
    }
    let excess = totalWidth - width
    widths[widest] = min(
      widths[widest], max(ConsoleLayout.leastWordWidth, widths[widest] - excess))
    for row in texts.indices { texts[row][widest] = texts[row][widest].cut(to: widths[widest]) }
  }

  var lines: [String] {
    var lines = headerLines
    lines.append(String(repeating: "-", count: totalWidth))
    var current: String?
    for (row, cells) in zip(table.rows, texts) {
      if let group {
        let name = table.text(row[group], column: group).visible
        if name != current { lines.append(name) }
        current = name
      }
      lines.append(line(cells))
    }
    return lines
  }

  /// The headings, their last lines side by side.
  private var headerLines: [String] {
    let headings = columns.map { ConsoleLayout.headingLines(table, $0) }
    let height = headings.map(\.count).max() ?? 0
    return (0..<height).map { level in
      line(
        headings.map { lines in
          let index = level - (height - lines.count)
          return index >= 0 ? lines[index] : ""
        })
    }
  }

  private func line(_ cells: [String]) -> String {
    let padded = cells.enumerated().map { position, text in
      let space = String(repeating: " ", count: max(0, widths[position] - text.count))
      return table.isText(column: columns[position]) ? text + space : space + text
    }
    return padded.joined(separator: String(repeating: " ", count: gap))
  }
}

extension String {
  /// The text, or its beginning and an ellipsis, `width` characters at most.
  func cut(to width: Int) -> String {
    count <= width ? self : prefix(max(0, width - 1)) + "…"
  }

  /// The text in lines of at most `width` characters, broken between words.
  func wrapped(to width: Int) -> [String] {
    var lines: [String] = []
    for word in split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  fileprivate var trimmingTrailingSpaces: String {
    var text = Substring(self)
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
