internal import Files
package import Foundation
internal import Images
internal import Outcomes

/// Writes what a run directory says as tables and figures.
package enum ReportWriter {
  /// Recomputes `summary.json`, `tables/` (CSV and Markdown) and `figures/` (SVG and PNG) from
  /// the run's journal.
  ///
  /// Everything is computed before anything is written, and each file appears whole or not at
  /// all.
  ///
  /// - Parameters:
  ///   - run: The run that is read.
  ///   - directory: The folder to write into, made where it is missing; the run's own is fine.
  /// - Returns: The summary that was written.
  /// - Throws: `ReportError` when the run is damaged or the folder cannot be written.
  @discardableResult
  package static func write(run: RunDirectory, to directory: URL) throws -> RunSummary {
    let summary = try RunSummary(of: run)
    var files: [(path: String, content: Data)] = [(RunFile.summary, try json(summary))]
    for (name, text) in tableFiles(summary) { files.append(("tables/\(name)", Data(text.utf8))) }
    for figure in summary.figures {
      let png = try SVGRenderer.png(svg: figure.svg, scale: figure.pictureScale)
      files.append(("figures/\(figure.name).svg", Data(figure.svg.utf8)))
      files.append(("figures/\(figure.name).png", Data(png)))
    }
    for file in files { try write(file.content, to: directory.appending(path: file.path)) }
    return summary
  }

  /// The folder of each run's report: below `directory` the run's name where there are several
  /// runs; without one, the run's own folder.
  ///
  /// - Throws: `ReportError.sameName` when two runs would share a folder.
  package static func folders(for runs: [RunDirectory], below directory: URL?) throws -> [URL] {
    guard let directory else { return runs.map(\.url) }
    guard runs.count > 1 else { return runs.map { _ in directory } }
    var taken: Set<String> = []
    return try runs.map { run in
      guard taken.insert(run.name).inserted else { throw ReportError.sameName(run.name) }
      return directory.appending(path: run.name)
    }
  }

  private static func tableFiles(_ summary: RunSummary) -> [(name: String, text: String)] {
    let tables = [MainTable.table(summary), ComputeTable.table(summary)]
    let both = tables.flatMap { table in
      [("\(table.name).csv", table.csv()), ("\(table.name).md", table.markdown())]
    }
    return both + [
      ("layer_usage.csv", LayerUsageTable.long(summary).csv()),
      ("layer_usage.md", LayerUsageTable.wide(summary).markdown()),
    ]
  }

  private static func json(_ summary: RunSummary) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(summary) + Data("\n".utf8)
  }

  private static func write(_ content: Data, to file: URL) throws {
    do {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try PartialFile.write(content, to: file.path)
    } catch FileFault.cannotWrite(let reason) {
      throw ReportError.cannotWrite(file: file.path, reason: reason)
    } catch {
      throw ReportError.cannotWrite(file: file.path, reason: error.localizedDescription)
    }
  }
}
