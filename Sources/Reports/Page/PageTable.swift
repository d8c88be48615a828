/// A table of the page, with a caption, scopes, and values that can be sorted by.
struct PageTable {
  /// A cell as it is shown, and by what it is sorted.
  struct Cell {
    var content: Markup
    var sortKey: Double?
    var isNumber: Bool

    init(_ text: String) { self.init(words: Markup(text)) }

    /// Words in more than one voice.
    init(words content: Markup) {
      self.content = content
      isNumber = false
    }

    init(number: Double?, _ content: Markup) {
      self.content = content
      sortKey = number
      isNumber = true
    }
  }

  struct Row {
    var cells: [Cell]
    /// The task that the row is of, for the filter.
    var task: String?
  }

  struct Heading {
    var content: Markup
    var isNumber: Bool

    init(text: String, isNumber: Bool = false) {
      self.init(content: Markup(text), isNumber: isNumber)
    }

    init(content: Markup, isNumber: Bool) {
      (self.content, self.isNumber) = (content, isNumber)
    }
  }

  /// Unique in the page: letters, digits and hyphens.
  var id: String
  var caption: String
  var headings: [Heading]
  var rows: [Row]
  /// Columns from the left that say what a row is of.
  var rowHeadings = 1
  var notes: [String] = []

  var markup: Markup {
    let head = Markup("thead", [Markup("tr", headings.map(PageTable.markup))])
    let body = Markup("tbody", rows.map(markup))
    let table = Markup(
      "table", ["id": id, "class": "sortable"],
      [Markup("caption", ["id": "\(id)-caption"], caption), head, body])
    let scroller = Markup(
      "div",
      ["class": "scroll", "role": "region", "tabindex": "0", "aria-labelledby": "\(id)-caption"],
      [table])
    return scroller + Markup.list(notes.map { Markup($0) }, class: "notes")
  }

  private static func markup(_ heading: Heading) -> Markup {
    Markup(
      "th", ["scope": "col", "class": heading.isNumber ? "number" : "word"], [heading.content])
  }

  private func markup(_ row: Row) -> Markup {
    let cells = row.cells.enumerated().map { place, cell in
      PageTable.markup(cell, isHeading: place < rowHeadings)
    }
    return row.task.map { Markup("tr", ["data-task": $0], cells) } ?? Markup("tr", cells)
  }

  private static func markup(_ cell: Cell, isHeading: Bool) -> Markup {
    if isHeading { return Markup("th", ["scope": "row"], [cell.content]) }
    guard cell.isNumber else { return Markup("td", [cell.content]) }
    let key = cell.sortKey.map(Table.plainText) ?? ""
    return Markup("td", ["class": "number", "data-sort": key], [cell.content])
  }
}

extension PageTable {
  /// A table of the report as it stands in documents.
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - id: Unique in the page.
  ///   - tasks: What rows may be filtered by.
  init(_ table: Table, id: String, tasks: Set<String>) {
    let shown = table.shown(to: .document)
    let words = shown.columns.indices.map(shown.isText)
    let taskColumn = shown.columns.firstIndex { $0.key == "task" }
    self.init(
      id: id, caption: shown.title,
      headings: zip(shown.columns, words).map {
        Heading(text: $0.headingOnOneLine, isNumber: !$1)
      },
      rows: shown.rows.map { cells in
        let task = taskColumn.map { shown.text(cells[$0], column: $0) }
        return Row(
          cells: cells.indices.map { PageTable.cell(cells[$0], column: $0, of: shown) },
          task: task.flatMap { tasks.contains($0) ? $0 : nil })
      },
      rowHeadings: max(1, words.prefix { $0 }.count), notes: shown.notes)
  }

  private static func cell(_ cell: Table.Cell, column: Int, of table: Table) -> Cell {
    let text = table.text(cell, column: column)
    return switch cell {
    case .text: Cell(text)
    case .number(let value): Cell(number: value, Markup(text))
    case .interval(let lower, _): Cell(number: lower, Markup(text))
    case .empty: table.isText(column: column) ? Cell(text) : Cell(number: nil, Markup(text))
    }
  }
}
