import Failures
import Foundation
import Outcomes
import Reports
import Testing

private typealias ReportMaker = ([URL], [String], URL) throws -> Void

@Suite("A bundle")
struct BundleTests {
  /// A bundle of a made-up run, whose report is `tables/x.csv` with a quoted name.
  private func withBundle(
    _ body: (ReportBundle, (String) -> ReportMaker) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bundle-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let fixture = try RunFixture(manifest: .sample(), outcomes: [])
    func maker(_ text: String) -> ReportMaker {
      { _, against, out in
        #expect(against == ["dense"])
        let tables = out.appending(path: "tables")
        try FileManager.default.createDirectory(at: tables, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: tables.appending(path: "x.csv"))
      }
    }
    let path = folder.appending(path: "bundle")
    try ReportBundle.write(
      [fixture.open()], against: ["dense"], commit: nil, to: path.path, report: maker(Self.table))
    try body(try ReportBundle(opening: path), maker)
  }

  private static let table = "method,name,rate\r\ndense,\"a, \"\"b\"\"\",0.25\r\nmole,,1\r\n"

  private func findings(now text: String) throws -> [String] {
    var found: [String] = []
    try withBundle { bundle, maker in
      found = try BundleCheck.findings(in: bundle, report: maker(text)).map {
        [$0.file, $0.row ?? "", $0.column ?? ""].joined(separator: "|")
      }
    }
    return found
  }

  @Test("is whole where the report is the same")
  func whole() throws {
    #expect(try findings(now: Self.table) == [])
  }

  @Test("names the row and the column of each cell that differs")
  func cells() throws {
    let file = "report/tables/x.csv"
    #expect(
      try findings(now: Self.table.replacing("0.25", with: "0.26")) == [
        "\(file)|1 (dense, a, \"b\")|rate"
      ])
    #expect(
      try findings(now: Self.table.replacing("mole,", with: "mole,c").replacing("b\"", with: "\""))
        == ["\(file)|1 (dense, a, \"\")|name", "\(file)|2 (mole, c)|name"])
    #expect(try findings(now: Self.table.replacing("rate", with: "score")) == ["\(file)|header|"])
    #expect(try findings(now: Self.table + "more,,2\r\n") == ["\(file)|3|"])
    #expect(
      try findings(now: Self.table.replacing("mole,,1", with: "mole,1")) == ["\(file)|2 (mole)|"])
    #expect(try findings(now: Self.table.replacing("\r\n", with: "\n")) == ["\(file)|line 1|"])
  }

  @Test("with a journal that was exchanged is found by its digest")
  func journal() throws {
    try withBundle { bundle, maker in
      let journal = bundle.runs[0].appending(path: "episodes.jsonl")
      try Data("{}\n".utf8).write(to: journal)
      let findings = try BundleCheck.findings(in: bundle, report: maker(Self.table))
      #expect(findings.map(\.file) == ["runs/\(bundle.manifest.runs[0])/episodes.jsonl"])
      try FileManager.default.removeItem(at: journal)
      let left = try BundleCheck.findings(in: bundle, report: maker(Self.table))
      #expect(left.map(\.problem) == ["it is missing", "nothing follows without it"])
    }
  }

  @Test("does not get whole by a manifest that no longer names what is gone")
  func forged() throws {
    try withBundle { bundle, maker in
      let file = bundle.url.appending(path: BundleManifest.fileName)
      func forge(_ change: (inout BundleManifest) -> Void) throws {
        var manifest = bundle.manifest
        change(&manifest)
        try JSONEncoder().encode(manifest).write(to: file)
      }
      try FileManager.default.removeItem(at: bundle.runs[0])
      try forge { $0.files.removeAll { $0.path.hasPrefix("runs/") } }
      let forged = try ReportBundle(opening: bundle.url)
      #expect(try BundleCheck.findings(in: forged, report: maker(Self.table)).count == 2)
      try forge { $0.runs = [] }
      let error = #expect(throws: ReportError.self) { try ReportBundle(opening: bundle.url) }
      #expect(error?.kind == .badData)
    }
  }
}
