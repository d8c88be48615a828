internal import Foundation

/// Names that tell the runs of a report apart.
enum RunNames {
  /// The name of each run's folder, with those above it where several are called alike.
  ///
  /// - Throws: `ReportError.sameName` when one folder is named twice.
  static func unique(_ runs: [RunDirectory]) throws(ReportError) -> [String] {
    let paths = runs.map { run in
      run.url.standardizedFileURL.pathComponents.filter { $0 != "/" }
    }
    var depths = [Int](repeating: 1, count: runs.count)
    while true {
      let names = zip(paths, depths).map { $0.suffix($1).joined(separator: "-") }
      let places = Dictionary(grouping: names.indices) { names[$0] }
      let alike = places.values.filter { $0.count > 1 }.flatMap(\.self)
      guard let first = alike.min() else { return names }
      let deeper = alike.filter { depths[$0] < paths[$0].count }
      guard !deeper.isEmpty else { throw .sameName(runs[first].name) }
      for place in deeper { depths[place] += 1 }
    }
  }
}
