import Foundation
import FoundationXML
import Images
import Outcomes
import Reports
import Testing

@Suite("Showing policies side by side")
struct SideBySideShowingTests {
  /// A policy of two seeds at three amounts, a dense one, one of a single amount, a script.
  private func runs() -> [PolicyRun] {
    let seeds = (1...2).map { seed in
      PolicyRun(
        label: "mole/seed-\(seed)", contents: "\(seed)", methods: ["mole:1", "mole:2", "mole:3"],
        solved: { method, _, index in index < 2 + seed + (Int(method.suffix(1)) ?? 0) },
        layers: { method, _, index in
          let count = Int(method.suffix(1)) ?? 0
          return [(0..<4).map { ($0 + index) % 4 < count ? 1 : 0 }]
        }, gripper: { _ in true })
    }
    return seeds + [
      PolicyRun(
        label: "dense", contents: "d", methods: ["dense", "home"],
        solved: { method, _, index in method == "dense" && index < 9 }),
      PolicyRun(
        label: "truncate", contents: "t", methods: ["truncate:2"],
        solved: { _, _, index in index < 5 }, layers: { _, _, _ in [[1, 1, 0, 0]] }),
    ]
  }

  private func compared() throws -> SideBySide {
    try #require(try SideBySideFixture(runs()).compared(draws: 200))
  }

  @Test("the table of policies has their seeds' rates, their worst task and their cost")
  func showsRows() throws {
    let table = SideBySideTable.table(try compared())
    let text = table.markdown()
    #expect(text.contains("| mole | mole:2 | 20 | 55.0 |") && text.contains("| 50.0, 60.0 |"))
    let dense = "| dense | dense | 20 | 90.0 | 69.9–97.2 | Wilson | – | – | 90.0 | pour |"
    #expect(text.contains(dense))
    let data = table.csv().split(separator: "\r\n")
    #expect(data[0].hasPrefix("policy,method,episodes,success_once,success_once_lower_95,"))
    #expect(data[0].contains("language_model_executed_macs"))
    #expect(data.contains { $0.hasPrefix("mole,mole:1,20,0.45,") && $0.contains("1=0.4 2=0.5") })
    #expect(!data[0].contains("wording"))
  }

  @Test("the curve joins the amounts of one policy and method, from the least compute to the most")
  func showsCurve() throws {
    let rows = SuccessCurveTable.table(try compared()).csv().split(separator: "\r\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).prefix(6).map(String.init)
    }
    #expect(
      rows.dropFirst().map { $0 } == [
        ["mole", "mole", "mole:1", "2", "1", "0.25"], ["mole", "mole", "mole:2", "2", "2", "0.5"],
        ["mole", "mole", "mole:3", "2", "3", "0.75"], ["dense", "dense", "dense", "1", "4", "1"],
        ["home", "script", "home", "1", "0", ""],
        ["truncate", "truncate", "truncate:2", "1", "2", "0.5"],
      ])
  }

  @Test("no table is wider than its console, and each is told in every format")
  func fitsConsole() throws {
    let tables = try compared().tables
    #expect(
      tables.map(\.name) == [
        "side_by_side", "policies_by_task", "paired", "success_against_compute", "router_health",
        "layer_usage_by_policy_and_gripper",
      ])
    for table in tables {
      let lines = table.console(width: 120).split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= 120 }, "\(table.name)")
      for format in TableFormat.allCases { #expect(!table.rendered(as: format).isEmpty) }
    }
  }

  @Test("all tables and figures are written, the same bytes each time")
  func writesFiles() throws {
    let fixture = try SideBySideFixture(runs())
    let found = try #require(try fixture.compared(draws: 200))
    let folders = ["a", "b"].map { fixture.runs[0].url.appending(path: $0) }
    for folder in folders { try ReportWriter.write(found, to: folder) }
    let tables = found.tables.flatMap { ["tables/\($0.name).csv", "tables/\($0.name).md"] }
    let figures = ["success_against_compute", "layer_usage_by_policy_and_gripper"].flatMap {
      ["figures/\($0).svg", "figures/\($0).png"]
    }
    for name in tables + figures {
      let bytes = try folders.map { try Data(contentsOf: $0.appending(path: name)) }
      #expect(bytes[0] == bytes[1] && !bytes[0].isEmpty, "\(name)")
    }
  }

  @Test("figures are well-formed whatever the policies are called, and of nothing too")
  func drawsHostileNames() throws {
    let hostile = PolicyRun(
      label: "<b>&\"]]>\u{1B}/seed-9", contents: "h", methods: ["<i>:1", "<i>:22222"],
      layers: { _, _, index in [[1, index < 5 ? 1 : 0, 0, 0]] }, gripper: { _ in false })
    let found = try SideBySideFixture(runs() + [hostile]).compared(draws: 20)
    let nothing = try SideBySideFixture([PolicyRun(methods: [])]).compared(draws: 20)
    for sideBySide in [try #require(found), try #require(nothing)] {
      for figure in sideBySide.figures {
        #expect(XMLParser(data: Data(figure.svg.utf8)).parse(), "\(figure.name)")
        #expect(!figure.svg.contains("<b>") && !figure.svg.contains("<i>"))
        #expect(try SVGRenderer.png(svg: figure.svg).count > 1000)
      }
      for table in sideBySide.tables { #expect(!table.markdown().contains("<b>")) }
    }
  }

  @Test("runs of one folder name are told apart by the folders above; none may be named twice")
  func namesFolders() throws {
    let base = try RunFixture()
    let policy = PolicyRun()
    let runs = try ["a/rollout", "b/rollout", "c"].map { path in
      let fixture = try RunFixture(manifest: policy.manifest, outcomes: [])
      let url = base.url.appending(path: path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: fixture.url, to: url)
      return try RunDirectory(opening: url)
    }
    let folders = try ReportWriter.folders(for: runs, below: base.url)
    #expect(folders.map(\.lastPathComponent) == ["a-rollout", "b-rollout", "c"])
    #expect(throws: ReportError.sameName("rollout")) {
      try ReportWriter.folders(for: [runs[0], runs[1], runs[0]], below: base.url)
    }
  }
}
