extension Table {
  /// The table as comma-separated values (RFC 4180): one line of keys, then the data with all
  /// digits in base units; a missing value is an empty field.
  package func csv() -> String {
    let table = shown(to: .data)
    let header = table.columns.map { Table.csvField($0.key) }
    let lines = table.rows.map { $0.map { Table.csvField(Table.dataText($0)) } }
    return ([header] + lines).map { $0.joined(separator: ",") + "\r\n" }.joined()
  }

  /// The cell with all its digits.
  private static func dataText(_ cell: Cell) -> String {
    switch cell {
    case .text(let text): text
    case .number(let value): plainText(value)
    case .interval(let lower, let upper): interval(plainText(lower), plainText(upper))
    case .empty: ""
    }
  }

  /// The shortest text that reads back as the same number; whole numbers without a fraction.
  static func plainText(_ value: Double) -> String {
    if let whole = Int(exactly: value), abs(whole) < 1 << 53 { return String(whole) }
    return "\(value)"
  }

  private static func csvField(_ text: String) -> String {
    let special: Set<Unicode.Scalar> = [",", "\"", "\r", "\n"]
    guard text.unicodeScalars.contains(where: special.contains) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
