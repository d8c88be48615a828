/// Comma-separated values as `Table.csv` writes them (RFC 4180).
enum CSVText {
  /// The fields of each line.
  static func rows(_ text: String) -> [[String]] {
    var reader = Reader()
    for scalar in text.unicodeScalars { reader.take(scalar) }
    return reader.finish()
  }

  private struct Reader {
    private var rows: [[String]] = []
    private var row: [String] = []
    private var field = String.UnicodeScalarView()
    private var isQuoted = false
    /// A quote was just read within quotes: the end, unless another follows.
    private var mayEnd = false

    mutating func take(_ scalar: Unicode.Scalar) {
      if isQuoted, !mayEnd {
        if scalar == "\"" { mayEnd = true } else { field.append(scalar) }
        return
      }
      switch scalar {
      case "\"" where mayEnd:
        field.append(scalar)
        mayEnd = false
      case "\"" where field.isEmpty: isQuoted = true
      case ",": endField()
      case "\n": endRow()
      case "\r": break
      default: field.append(scalar)
      }
    }

    mutating func finish() -> [[String]] {
      if !row.isEmpty || !field.isEmpty || isQuoted { endRow() }
      return rows
    }

    private mutating func endField() {
      row.append(String(field))
      field.removeAll()
      (isQuoted, mayEnd) = (false, false)
    }

    private mutating func endRow() {
      endField()
      rows.append(row)
      row.removeAll()
    }
  }
}
