/// Holds a file of a bundle's report against the same file computed anew.
struct TextComparison {
  /// Findings of one file beyond which it is enough.
  private static let limit = 20

  let file: String
  let stored: String
  let computed: String

  var findings: [BundleFinding] {
    guard stored != computed else { return [] }
    return file.hasSuffix(".csv") ? tableFindings : [lineFinding]
  }

  /// The first line that differs.
  private var lineFinding: BundleFinding {
    let (one, two) = (lines(stored), lines(computed))
    let place =
      zip(one, two).enumerated().first { $1.0 != $1.1 }?.offset ?? min(one.count, two.count)
    return BundleFinding(
      file: file, row: "line \(place + 1)", problem: "it is not the line that follows from the runs"
    )
  }

  private func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  private var tableFindings: [BundleFinding] {
    let (one, two) = (CSVText.rows(stored), CSVText.rows(computed))
    guard let header = one.first, header == two.first else {
      return [
        BundleFinding(
          file: file, row: "header",
          problem: "its columns are not those that this program writes")
      ]
    }
    var findings: [BundleFinding] = []
    for (number, (stored, computed)) in zip(one, two).enumerated().dropFirst() {
      findings += cellFindings(header, stored, computed, row: number)
      guard findings.count < TextComparison.limit else {
        return findings.prefix(TextComparison.limit) + [moreFinding]
      }
    }
    if one.count != two.count {
      findings.append(
        BundleFinding(
          file: file, row: "\(min(one.count, two.count))",
          problem: "it has \(one.count - 1) rows, but \(two.count - 1) follow from the runs"))
    }
    // The cells are alike where only line ends or quotes are others.
    return findings.isEmpty ? [lineFinding] : findings
  }

  private var moreFinding: BundleFinding {
    BundleFinding(file: file, problem: "more cells differ")
  }

  private func cellFindings(
    _ header: [String], _ stored: [String], _ computed: [String], row: Int
  ) -> [BundleFinding] {
    let name = label(of: computed, row: row)
    guard stored.count == header.count, computed.count == header.count else {
      return [
        BundleFinding(
          file: file, row: name, problem: "it has \(stored.count) cells for \(header.count) columns"
        )
      ]
    }
    return header.indices.filter { stored[$0] != computed[$0] }.map { column in
      BundleFinding(
        file: file, row: name, column: header[column],
        problem: "it says '\(stored[column])', but '\(computed[column])' follows from the runs")
    }
  }

  /// The row's number and the words that it begins with.
  private func label(of cells: [String], row: Int) -> String {
    let words = cells.prefix { Double($0) == nil && !$0.isEmpty }.prefix(3)
    return words.isEmpty ? "\(row)" : "\(row) (\(words.joined(separator: ", ")))"
  }
}
