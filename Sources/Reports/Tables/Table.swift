/// A table, apart from how it is written.
package struct Table: Equatable, Sendable {
  /// The stem of its files' names.
  package var name: String
  package var title: String
  /// What the columns mean; written under the table where the format has room for it.
  package var notes: [String]
  package var columns: [Column]
  /// As many cells in each row as there are columns.
  package var rows: [[Cell]]

  /// - Precondition: Each row has as many cells as there are columns.
  package init(
    name: String, title: String, notes: [String], columns: [Column], rows: [[Cell]]
  ) {
    precondition(
      rows.allSatisfy { $0.count == columns.count }, "a row without \(columns.count) cells")
    self.name = name
    self.title = title
    self.notes = notes
    self.columns = columns
    self.rows = rows
  }

  package struct Column: Equatable, Sendable {
    /// The name in data files, with its unit, such as `position_error_median_m`.
    package var key: String
    /// The heading for people; a line break where it may wrap.
    package var heading: String
    package var format: NumberFormat
    package var audience: Audience
    /// Whether rows of equal value are shown under one heading on the console.
    package var isGroup: Bool

    package init(
      _ key: String, _ heading: String = "", format: NumberFormat = .integer,
      audience: Audience = .all, isGroup: Bool = false
    ) {
      self.key = key
      self.heading = heading.isEmpty ? key : heading
      self.format = format
      self.audience = audience
      self.isGroup = isGroup
    }

    /// The heading without its line breaks; a hyphen at one divides a word.
    var headingOnOneLine: String {
      heading.replacing("-\n", with: "").replacing("\n", with: " ")
    }
  }

  package enum Cell: Equatable, Sendable {
    case text(String)
    case number(Double)
    /// Two numbers of one format, lower end first.
    case interval(Double, Double)
    /// There is nothing to say.
    case empty
  }

  /// Where a column is shown: all have the data, people on a console have the least room.
  package struct Audience: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    package static let console = Audience(rawValue: 1)
    package static let document = Audience(rawValue: 2)
    package static let data = Audience(rawValue: 4)
    /// A console without room for all columns.
    package static let narrow = Audience(rawValue: 8)
    package static let people: Audience = [.console, .document, .narrow]
    package static let all: Audience = [.console, .document, .data, .narrow]
    /// Everyone but a narrow console.
    package static let roomy: Audience = [.console, .document, .data]
  }

  /// The table with only the columns for `audience`.
  func shown(to audience: Audience) -> Table {
    var copy = self
    let kept = columns.indices.filter { columns[$0].audience.contains(audience) }
    copy.columns = kept.map { columns[$0] }
    copy.rows = rows.map { row in kept.map { row[$0] } }
    return copy
  }

  /// Whether a column holds words, which are aligned to the left.
  func isText(column: Int) -> Bool {
    rows.contains { if case .text = $0[column] { true } else { false } }
  }

  /// Both ends, told apart where they have signs.
  static func interval(_ lower: String, _ upper: String) -> String {
    lower.hasPrefix("-") ? "\(lower) to \(upper)" : "\(lower)–\(upper)"
  }

  /// The cell as people read it.
  func text(_ cell: Cell, column: Int) -> String {
    let format = columns[column].format
    return switch cell {
    case .text(let text): text
    case .number(let value): format.text(value)
    case .interval(let lower, let upper):
      Table.interval(format.text(lower), format.text(upper))
    case .empty: "–"
    }
  }
}

extension Table.Cell {
  init(_ value: Double?) {
    self = value.map { .number($0) } ?? .empty
  }

  init(_ value: Int) {
    self = .number(Double(value))
  }
}

/// A column together with where its cells come from.
struct ColumnSource<Row> {
  var column: Table.Column
  var cell: (Row) -> Table.Cell

  init(_ column: Table.Column, _ cell: @escaping (Row) -> Table.Cell) {
    self.column = column
    self.cell = cell
  }
}

extension Table {
  init<Row>(
    name: String, title: String, notes: [String], columns: [ColumnSource<Row>], of rows: [Row]
  ) {
    self.init(
      name: name, title: title, notes: notes, columns: columns.map(\.column),
      rows: rows.map { row in columns.map { $0.cell(row) } })
  }
}

/// How a table is written.
package enum TableFormat: String, CaseIterable, Sendable {
  case table
  case csv
  case markdown
  case latex
  case json
}

extension Table {
  /// The table as text that ends in a newline.
  ///
  /// - Parameter width: Characters in a line of the console; the other formats have no limit.
  package func rendered(as format: TableFormat, width: Int = 120) -> String {
    switch format {
    case .table: console(width: width)
    case .csv: csv()
    case .markdown: markdown()
    case .latex: latex()
    case .json: json()
    }
  }
}
