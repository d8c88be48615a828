internal import Foundation

extension Table {
  /// The table as a JSON object: name, title, notes, and a list of rows by key; a missing value
  /// is `null`.
  package func json() -> String {
    let table = shown(to: .data)
    let rows = table.rows.map { row in
      let fields = zip(table.columns, row).map { column, cell in
        "\(Table.jsonString(column.key)): \(Table.jsonValue(cell))"
      }
      return "    {" + fields.joined(separator: ", ") + "}"
    }
    return """
      {
        "name": \(Table.jsonString(name)),
        "title": \(Table.jsonString(title)),
        "notes": [\(notes.map(Table.jsonString).joined(separator: ", "))],
        "rows": [
      \(rows.joined(separator: ",\n"))
        ]
      }

      """
  }

  private static func jsonValue(_ cell: Cell) -> String {
    switch cell {
    case .text(let text): jsonString(text)
    case .number(let value): value.isFinite ? plainText(value) : "null"
    case .interval(let lower, let upper): "[\(plainText(lower)), \(plainText(upper))]"
    case .empty: "null"
    }
  }

  private static func jsonString(_ text: String) -> String {
    var escaped = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": escaped += "\\\(scalar)"
      case _ where scalar.value < 0x20:
        escaped += String(format: "\\u%04x", scalar.value)
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped + "\""
  }
}
