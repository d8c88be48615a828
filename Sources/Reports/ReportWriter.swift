internal import Files
package import Foundation
internal import Images
package import Outcomes

/// Writes what a run directory says as tables and figures.
package enum ReportWriter {
  /// Recomputes `summary.json`, `tables/` (CSV, Markdown and LaTeX) and `figures/` (SVG and PNG) from
  /// the run's journal.
  ///
  /// Everything is computed before anything is written, and each file appears whole or not at
  /// all.
  ///
  /// - Parameters:
  ///   - run: The run that is read.
  ///   - directory: The folder to write into, made where it is missing; the run's own is fine.
  ///   - observe: Is given each episode as well, in the journal's order.
  /// - Returns: The summary that was written.
  /// - Throws: `ReportError` when the run is damaged or the folder cannot be written.
  @discardableResult
  package static func write(
    run: RunDirectory, to directory: URL, observe: (EpisodeOutcome) -> Void = { _ in }
  ) throws -> RunSummary {
    let summary = try RunSummary(of: run, observe: observe)
    var files: [File] = [(RunFile.summary, try json(summary))]
    files += tableFiles(summary).map { ("tables/\($0.name)", Data($0.text.utf8)) }
    files += try summary.figures.flatMap(figureFiles)
    try write(files, to: directory)
    return summary
  }

  /// Writes what a replay and a rollout say together: `offline_vs_closed_loop.json`, its tables
  /// and its figure.
  ///
  /// - Throws: `ReportError` when the folder cannot be written.
  package static func write(_ comparison: OfflineClosedLoop, to directory: URL) throws {
    let tables = [OfflineClosedLoopTable.table(comparison), AgreementTable.table(comparison)]
    var files: [File] = [("offline_vs_closed_loop.json", try json(comparison))]
    files += tables.flatMap(Self.files).map { ("tables/\($0.name)", Data($0.text.utf8)) }
    files += try figureFiles(OfflineClosedLoopFigure.figure(comparison))
    try write(files, to: directory)
  }

  /// Writes what rollouts of several policies say together: tables and figures.
  ///
  /// - Throws: `ReportError` when the folder cannot be written.
  package static func write(_ sideBySide: SideBySide, to directory: URL) throws {
    let tables = sideBySide.tables.flatMap(Self.files)
    var files: [File] = tables.map { ("tables/\($0.name)", Data($0.text.utf8)) }
    files += try sideBySide.figures.flatMap(figureFiles)
    try write(files, to: directory)
  }

  /// The folder of each run's report: below `directory` the run's name where there are several
  /// runs, after those of the folders above it where two are called alike; without a directory,
  /// the run's own folder.
  ///
  /// - Throws: `ReportError.sameName` when a run is named twice.
  package static func folders(for runs: [RunDirectory], below directory: URL?) throws -> [URL] {
    guard let directory else { return runs.map(\.url) }
    guard runs.count > 1 else { return runs.map { _ in directory } }
    return try RunNames.unique(runs).map { directory.appending(path: $0) }
  }

  private static func tableFiles(_ summary: RunSummary) -> [(name: String, text: String)] {
    let tables = [
      MainTable.table(summary), MethodTaskTable.table(summary), ComputeTable.table(summary),
      EndingTable.table(summary), MachineryTable.table(summary), LatencyTable.table(summary),
      ExitCurveTable.table(summary), GripperUsageTable.table(summary),
      ExpertUsageTable.table(summary),
    ]
    let byResult = LayerUsageTable.byResult(summary).map { documents($0) } ?? []
    return tables.compactMap(\.self).flatMap(files)
      + files(data: LayerUsageTable.long(summary), document: LayerUsageTable.wide(summary))
      + byResult
      + files(
        data: LayerDifferenceTable.long(summary), document: LayerDifferenceTable.wide(summary))
  }

  /// For programs and for people.
  private static func files(_ table: Table) -> [(name: String, text: String)] {
    files(data: table, document: table)
  }

  /// One content in two shapes.
  private static func files(
    data: Table?, document: Table?
  ) -> [(name: String, text: String)] {
    let dataFiles = data.map { [(name: "\($0.name).csv", text: $0.csv())] } ?? []
    return dataFiles + (document.map(documents) ?? [])
  }

  private static func documents(_ table: Table) -> [(name: String, text: String)] {
    [("\(table.name).md", table.markdown()), ("\(table.name).tex", table.latex())]
  }

  private static func figureFiles(_ figure: Figure) throws -> [File] {
    let png = try SVGRenderer.png(svg: figure.svg, scale: figure.pictureScale)
    return [
      ("figures/\(figure.name).svg", Data(figure.svg.utf8)),
      ("figures/\(figure.name).png", Data(png)),
    ]
  }

  static func json(_ summary: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(summary) + Data("\n".utf8)
  }

  private typealias File = (path: String, content: Data)

  private static func write(_ files: [File], to directory: URL) throws {
    for file in files { try write(file.content, to: directory.appending(path: file.path)) }
  }

  static func write(_ content: Data, to file: URL) throws {
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
