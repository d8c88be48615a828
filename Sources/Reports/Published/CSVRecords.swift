/// Comma-separated values (RFC 4180) as records of fields.
enum CSVRecords {
  /// - Returns: Each record with the line where it begins, from 1; `nil` for a quote that never ends.
  static func parse(_ text: String) -> [(line: Int, fields: [String])]? {
    var records: [(line: Int, fields: [String])] = []
    var (fields, field) = ([String](), "")
    var (line, start) = (1, 1)
    var isQuoted = false
    var scalars = Array(text.unicodeScalars)[...]
    func isBlank() -> Bool { fields.isEmpty && field.isEmpty }
    while let scalar = scalars.popFirst() {
      if scalar == "\n" { line += 1 }
      switch scalar {
      case "\"" where isQuoted && scalars.first == "\"":
        scalars.removeFirst()
        field += "\""
      case "\"": isQuoted.toggle()
      case _ where isQuoted: field.unicodeScalars.append(scalar)
      case ",":
        fields.append(field)
        field = ""
      case "\r" where scalars.first == "\n": break
      case "\n":
        if !isBlank() { records.append((start, fields + [field])) }
        (fields, field, start) = ([], "", line)
      default: field.unicodeScalars.append(scalar)
      }
    }
    guard !isQuoted else { return nil }
    if !isBlank() { records.append((start, fields + [field])) }
    return records
  }
}
