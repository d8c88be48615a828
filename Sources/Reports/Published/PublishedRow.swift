internal import Files
package import Foundation
internal import Statistics

/// What a paper reports of one method: other worlds, other policies, another machine.
package struct PublishedRow: Equatable, Sendable {
  package var paper: String
  package var version: String
  package var table: String
  /// What the paper calls it.
  package var row: String
  /// The paper's dense row that it makes smaller; empty for none.
  package var base: String
  /// Our name of the kind of method; empty where we have none.
  package var kind: String
  package var layersKept: Int?
  package var layers: Int?
  package var tasks: Int
  package var trialsPerTask: Int?
  package var successPercent: Double
  /// As the paper calls it; multiply-accumulates of the language model in 10⁹.
  package var languageGFLOPs: Double?
  /// Of a query, on the paper's machine.
  package var seconds: Double?
  package var hertz: Double?
  /// How well the numbers are known, as the files' README explains.
  package var evidence: String
  package var source: String

  /// The share of the layers that are kept.
  var share: Double? {
    guard let layersKept, let layers, layers > 0 else { return nil }
    return Double(layersKept) / Double(layers)
  }

  /// The solved trials nearest to the printed rate; `nil` where their number is not known.
  var counts: (solved: Int, trials: Int)? {
    guard let trialsPerTask else { return nil }
    let trials = tasks * trialsPerTask
    return (Int((successPercent / 100 * Double(trials)).rounded()), trials)
  }

  /// The interval that the trials imply if they are drawn from one rate; the paper gives none.
  var impliedInterval: ProportionInterval? {
    counts.flatMap {
      .wilson(successes: $0.solved, trials: $0.trials, confidence: RunSummary.confidence)
    }
  }
}

/// A file of published numbers, one row a line.
package enum PublishedFile {
  private static let byteLimit = 1 << 20
  private static let columns = [
    "paper", "version", "table", "row", "base", "kind", "layers_kept", "layers", "tasks",
    "trials_per_task", "success_percent", "language_gflops", "seconds", "hertz", "evidence",
    "source",
  ]

  /// Reads the rows of a file in `Results/published`' form.
  ///
  /// - Throws: `ReportError.unreadable`, or `badPublished` for a line that is not as it should be.
  package static func read(_ file: URL) throws(ReportError) -> [PublishedRow] {
    let bytes: [UInt8]
    do {
      bytes = try RegularFile.bytes(of: file.path, limit: byteLimit)
    } catch {
      throw ReportError(error, file: file.path)
    }
    func refusal(_ line: Int, _ reason: String) -> ReportError {
      .badPublished(line: line, file: file.path, reason: reason)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw refusal(1, "it is not UTF-8")
    }
    guard let records = CSVRecords.parse(text) else { throw refusal(1, "a quote never ends") }
    guard records.first?.fields == columns else {
      throw refusal(1, "the columns are not \(columns.joined(separator: ","))")
    }
    var rows: [PublishedRow] = []
    for record in records.dropFirst() {
      guard record.fields.count == columns.count else {
        throw refusal(record.line, "it has \(record.fields.count) fields")
      }
      do {
        rows.append(try row(record.fields))
      } catch {
        throw refusal(record.line, error.reason)
      }
    }
    return rows
  }

  private struct Complaint: Error {
    var reason: String
  }

  private static func row(_ fields: [String]) throws(Complaint) -> PublishedRow {
    let values = Dictionary(zip(columns, fields), uniquingKeysWith: { $1 })
    func text(_ key: String) -> String { values[key, default: ""] }
    func number(_ key: String, in range: ClosedRange<Double>) throws(Complaint) -> Double? {
      guard !text(key).isEmpty else { return nil }
      guard let value = Double(text(key)), range.contains(value) else {
        throw Complaint(
          reason: "'\(key)' is '\(text(key))' and not from \(range.lowerBound) to"
            + " \(range.upperBound)")
      }
      return value
    }
    func count(_ key: String, in range: ClosedRange<Double>) throws(Complaint) -> Int? {
      try number(key, in: range).map { Int($0) }
    }
    guard let tasks = try count("tasks", in: 1...10_000) else {
      throw Complaint(reason: "'tasks' is empty")
    }
    guard let success = try number("success_percent", in: 0...100) else {
      throw Complaint(reason: "'success_percent' is empty")
    }
    return PublishedRow(
      paper: text("paper"), version: text("version"), table: text("table"), row: text("row"),
      base: text("base"), kind: text("kind"), layersKept: try count("layers_kept", in: 0...4096),
      layers: try count("layers", in: 1...4096), tasks: tasks,
      trialsPerTask: try count("trials_per_task", in: 1...1e6), successPercent: success,
      languageGFLOPs: try number("language_gflops", in: 0...1e12),
      seconds: try number("seconds", in: 0...1e6), hertz: try number("hertz", in: 0...1e9),
      evidence: text("evidence"), source: text("source"))
  }
}
