import Failures
import Foundation
import Outcomes
import Reports
import Testing

@Suite("Published numbers beside ours")
struct PublishedTests {
  private static let header =
    "paper,version,table,row,base,kind,layers_kept,layers,tasks,trials_per_task,success_percent,"
    + "language_gflops,seconds,hertz,evidence,source\n"

  /// Reads a file that holds `text`.
  private func read(_ text: String) throws -> [PublishedRow] {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(text.utf8).write(to: file)
    return try PublishedFile.read(file)
  }

  private func shipped() throws -> [PublishedRow] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try PublishedFile.read(
      root.appending(path: "Results/published/mole-vla-rlbench.csv"))
  }

  /// The table beside rollouts of the ten tasks' suite, of 25 episodes a task.
  private func table(
    suite: String = "mole10", tasks: Int = 10, solved: @escaping (Int) -> Bool
  ) throws -> Table {
    var run = PolicyRun(methods: ["dense", "mole"], tasks: (0..<tasks).map { "task\($0)" })
    run.episodes = 25
    run.solved = { _, _, index in solved(index) }
    run.layers = { method, _, _ in [method == "mole" ? [1, 0, 1, 0] : [1, 1, 1, 1]] }
    run.change = { $0.plan.suite = suite }
    let fixture = try SideBySideFixture([run])
    let comparison = PublishedComparison(try shipped(), runs: try fixture.opened())
    return comparison.table(beside: try fixture.compared(draws: 20))
  }

  private func cell(_ key: String, _ row: String, of table: Table) throws -> Table.Cell {
    let column = try #require(table.columns.firstIndex { $0.key == key })
    let named = try #require(table.columns.firstIndex { $0.key == "published_row" })
    return try #require(table.rows.first { $0[named] == .text(row) })[column]
  }

  @Test func `the shipped file has the paper's rows`() throws {
    let rows = try shipped()
    #expect(rows.count { $0.version == "arXiv" && $0.table == "Table 1" } == 8)
    #expect(rows.count { $0.table == "Table 2" } == 3)
    #expect(rows.count { $0.table == "Table 10" } == 8)
    let mole = try #require(rows.first { $0.row == "MoLe-CogAct" })
    #expect(mole.successPercent == 60.8 && mole.languageGFLOPs == 985.8)
    #expect(mole.layersKept == 16 && mole.layers == 32 && mole.trialsPerTask == 25)
    // A mean of ten tasks with 25 trials is a multiple of 0.4 %; one printed number is none.
    let odd = rows.filter { row in
      row.trialsPerTask != nil
        && abs((row.successPercent / 0.4).rounded() * 0.4 - row.successPercent) > 1e-6
    }
    #expect(odd.map(\.row) == ["OpenVLA"])
  }

  @Test func `trials imply an interval`() throws {
    let table = try table { _ in true }
    // 152 of 250, by scipy's binomtest(152, 250).proportion_ci(method="wilson").
    guard
      case .interval(let lower, let upper) = try cell(
        "published_interval", "MoLe-CogAct", of: table)
    else { throw CancellationError() }
    #expect(abs(lower - 0.546287) < 1e-5 && abs(upper - 0.666445) < 1e-5)
    #expect(try cell("published_reduction", "MoLe-CogAct", of: table) == .number(1935.8 / 985.8))
    #expect(try cell("published_trials", "MoLe-CogAct", of: table) == .number(250))
  }

  @Test func `only like is compared with like`() throws {
    let far = try table { _ in true }
    #expect(try cell("ours", "MoLe-CogAct", of: far) == .text("c · mole"))
    #expect(try cell("our_reduction", "MoLe-CogAct", of: far) == .number(400.0 / 210))
    // 250 of 250 less 152 of 250, Newcombe's method 10, computed apart with scipy's Wilson.
    #expect(
      try cell("comparison", "MoLe-CogAct", of: far) == .text("differs: 33.2 to 45.4 points"))
    #expect(try cell("comparison", "MoD-CogAct", of: far) == .text("no such row of ours"))
    let near = try table { $0 % 5 < 3 }
    guard case .text(let verdict) = try cell("comparison", "MoLe-CogAct", of: near) else {
      throw CancellationError()
    }
    #expect(verdict.hasPrefix("compatible: -"))
  }

  @Test(arguments: [("kitchen", 10), ("mole10", 4)])
  func `other tasks are not compared`(suite: String, tasks: Int) throws {
    let table = try table(suite: suite, tasks: tasks) { _ in true }
    #expect(
      try cell("comparison", "MoLe-CogAct", of: table) == .text("not compared: other tasks"))
  }

  @Test func `the page has them under a heading of their own`() throws {
    let run = try TinyRollout.fixture()
    let page = try PageFixture([run], published: try shipped())
    #expect(page.count("id=\"published\"") == 1)
    let ours = try #require(page.part(from: "id=\"answer-rollout\"", to: "</table>"))
    #expect(!ours.contains("CogAct"))
    let section = try #require(page.part(from: "id=\"published\"", to: "</section>"))
    #expect(section.contains("The worlds differ") && section.contains("RoboMamba"))
  }

  @Test(arguments: [
    ("", 1, "columns"), ("a,b\n", 1, "columns"), (header + "a,b\n", 2, "2 fields"),
    (header + "p,v,t,r,,,1,2,0,25,50,,,,P1,s\n", 2, "'tasks'"),
    (header + "p,v,t,r,,,1,2,10,25,101,,,,P1,s\n", 2, "'success_percent'"),
    (header + "p,v,t,r,,,1,2,10,25,nan,,,,P1,s\n", 2, "'success_percent'"),
    (header + "p,v,t,r,,,1,2,10,25,,,,,P1,s\n", 2, "'success_percent' is empty"),
    (header + "\"p,v,t,r,,,1,2,10,25,50,,,,P1,s\n", 1, "quote"),
  ])
  func `a bad file is refused with its line`(text: String, line: Int, reason: String) throws {
    let error = #expect(throws: ReportError.self) { try read(text) }
    #expect(error?.kind == .badData)
    #expect(error?.description.contains("Line \(line) ") == true)
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test func `fields may be quoted`() throws {
    let rows = try read(
      Self.header + "\"a, \"\"b\"\"\",v,t,\"r\nr\",,,,,10,,50,,,,P1,s\r\n\r\n")
    #expect(rows.map(\.paper) == ["a, \"b\""] && rows.map(\.row) == ["r\nr"])
    #expect(rows[0].trialsPerTask == nil && rows[0].layersKept == nil)
  }
}
