import Failures
import Foundation
import Outcomes
import Reports
import Testing

@Suite("Writing reports")
struct ReportWriterTests {
  private func files(in folder: URL) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String]
    return (names ?? []).filter { $0.contains(".") }.sorted()
  }

  @Test("a report is a summary, tables and figures, and nothing else is left behind")
  func writesAllFiles() throws {
    let run = try TinyRun.fixture()
    let out = run.url.appending(path: "report")
    try ReportWriter.write(run: run.open(), to: out)
    let figures = [
      "layer_histogram_dense", "layer_histogram_mole", "layer_usage_dense", "layer_usage_mole",
      "match_vs_compute",
    ]
    let expected =
      figures.flatMap { ["figures/\($0).png", "figures/\($0).svg"] } + ["summary.json"]
      + [
        "compute", "latency", "layer_usage", "layer_usage_by_gripper", "main", "methods_by_task",
      ].flatMap { ["tables/\($0).csv", "tables/\($0).md", "tables/\($0).tex"] }
    #expect(files(in: out) == expected.sorted())
    let summary = try Data(contentsOf: out.appending(path: "summary.json"))
    #expect(
      try JSONDecoder().decode(RunSummary.self, from: summary) == run.summary())
  }

  @Test("the same journal gives the same bytes, also over an older report")
  func isDeterministic() throws {
    let run = try TinyRun.fixture()
    let (first, second) = (run.url.appending(path: "a"), run.url.appending(path: "b"))
    try ReportWriter.write(run: run.open(), to: first)
    try ReportWriter.write(run: run.open(), to: second)
    try ReportWriter.write(run: run.open(), to: second)
    let names = files(in: first)
    #expect(names == files(in: second) && names.count == 29)
    for name in names {
      let bytes = try Data(contentsOf: first.appending(path: name))
      #expect(try bytes == Data(contentsOf: second.appending(path: name)), "\(name)")
    }
  }

  @Test("an empty run has a report too")
  func reportsNothing() throws {
    let run = try RunFixture(manifest: .sample(), outcomes: [])
    let summary = try ReportWriter.write(run: run.open(), to: run.url)
    #expect(MainTable.table(summary).notes.last == "PARTIAL: 0 of 8 planned episodes.")
    for format in TableFormat.allCases {
      #expect(MainTable.table(summary).rendered(as: format).contains("kitchen") || format == .csv)
    }
  }

  @Test("a damaged journal leaves no report")
  func writesNothingOfDamagedRuns() throws {
    let run = try RunFixture()
    try run.write(.sample(), lines: [Data("nonsense".utf8)])
    let out = run.url.appending(path: "report")
    #expect(throws: ReportError.self) { try ReportWriter.write(run: run.open(), to: out) }
    #expect(!FileManager.default.fileExists(atPath: out.path))
  }

  @Test("a folder that cannot be made is an error of writing")
  func namesUnwritableFolder() throws {
    let run = try TinyRun.fixture()
    let blocked = run.url.appending(path: RunFile.manifest).appending(path: "out")
    let error = #expect(throws: ReportError.self) {
      try ReportWriter.write(run: run.open(), to: blocked)
    }
    #expect(error?.kind == .cannotWrite)
  }

  @Test("several runs have a folder each, and no two the same")
  func separatesRuns() throws {
    let (a, b) = (try TinyRun.fixture(), try TinyRun.fixture())
    let runs = [try a.open(), try b.open()]
    let out = URL(filePath: "/tmp/out")
    let folders = try ReportWriter.folders(for: runs, below: out)
    #expect(folders.map(\.lastPathComponent) == [a, b].map(\.url.lastPathComponent))
    #expect(try ReportWriter.folders(for: [runs[0]], below: out) == [out])
    #expect(try ReportWriter.folders(for: runs, below: nil) == runs.map(\.url))
    #expect(throws: ReportError.sameName(runs[0].name)) {
      try ReportWriter.folders(for: [runs[0], runs[0]], below: out)
    }
  }
}
