internal import Files
internal import Foundation
internal import Reports

/// How a gate's report is printed.
package enum GateFormat: String, CaseIterable, Sendable {
  case table
  case csv
  case markdown
  case json
  case junit
}

extension GateReport {
  /// The report as text that ends in a newline.
  ///
  /// - Parameter width: Characters in a line of the console.
  package func rendered(as format: GateFormat, width: Int = 120) throws -> String {
    switch format {
    case .table: shown(as: .table, width: width)
    case .csv: shown(as: .csv, width: width)
    case .markdown: shown(as: .markdown, width: width)
    case .json: try json()
    case .junit: JUnitReport.xml(self)
    }
  }

  private func shown(as format: TableFormat, width: Int) -> String {
    tables.map { $0.rendered(as: format, width: width) }.joined(separator: "\n")
  }

  private func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }

  /// Writes the report to a file, which gets its name when it is complete.
  ///
  /// - Throws: `GateError.cannotWrite`.
  package func write(to path: String, as format: GateFormat) throws {
    let text = try rendered(as: format)
    do {
      try PartialFile.write(Data(text.utf8), to: path)
    } catch {
      throw GateError.cannotWrite(file: path, reason: "\(error.text)")
    }
  }

  /// Adds the report to the summary of a GitHub step, to which other commands may have written.
  ///
  /// - Throws: `GateError.cannotWrite`.
  package func append(toStepSummary path: String) throws {
    let text = "\n" + (try rendered(as: .markdown))
    guard let file = fopen(path, "a") else {
      throw GateError.cannotWrite(file: path, reason: GateReport.systemReason)
    }
    let isWritten = fputs(text, file) >= 0
    guard fclose(file) == 0, isWritten else {
      throw GateError.cannotWrite(file: path, reason: GateReport.systemReason)
    }
  }

  private static var systemReason: String { String(cString: strerror(errno)) }
}

extension FileFault {
  fileprivate var text: String {
    switch self {
    case .cannotWrite(let reason), .unreadable(let reason): reason
    case .missing: "there is no such folder"
    case .tooLarge: "it is too large"
    }
  }
}
