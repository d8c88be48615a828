import Foundation
import Outcomes
import Reports
import Testing

@Suite("The frontier of success against compute")
struct FrontierTests {
  private func places(
    _ runs: [PolicyRun], draws: Int = 500
  ) throws -> [String: FrontierPlace] {
    let found = try #require(try SideBySideFixture(runs).compared(draws: draws))
    return Dictionary(
      uniqueKeysWithValues: found.rows.compactMap { row in
        row.frontier.map { (row.name.method, $0) }
      })
  }

  /// Dense solves nine of ten, two layers five, three layers three, each those that are easier.
  private let nested = PolicyRun(
    methods: ["dense", "truncate:2", "truncate:3", "home"],
    solved: { method, _, index in
      index < (["dense": 9, "truncate:2": 5, "truncate:3": 3][method] ?? 0)
    },
    layers: { method, _, _ in
      switch method {
      case "truncate:2": [[1, 1, 0, 0]]
      case "truncate:3": [[1, 1, 1, 0]]
      default: [[1, 1, 1, 1]]
      }
    })

  @Test("a row that another beats in both is not on it, and scripts are left aside")
  func findsFrontier() throws {
    let places = try places([nested])
    #expect(places["dense"]?.isOn == true && places["truncate:2"]?.isOn == true)
    #expect(places["truncate:3"]?.isOn == false && places["home"] == nil)
    // The same episodes are drawn for all, so what is solved by one is solved by the better one.
    #expect(places["truncate:3"]?.probability == 0 && places["truncate:2"]?.probability == 1)
    #expect(places["dense"]?.probability == 1)
  }

  @Test("its probability is that of drawing episodes that leave a row unbeaten")
  func countsDraws() throws {
    // Each solves one of two episodes: dense is on the frontier only where both draws are its own.
    let run = PolicyRun(
      methods: ["dense", "truncate:2"], tasks: ["pour"], episodes: 2,
      solved: { method, _, index in (method == "dense") == (index == 0) },
      layers: { method, _, _ in [method == "dense" ? [1, 1, 1, 1] : [1, 1, 0, 0]] })
    let places = try places([run], draws: 4000)
    let dense = try #require(places["dense"])
    #expect(!dense.isOn && dense.draws == 4000 && abs(dense.probability - 0.25) < 0.03)
    #expect(places["truncate:2"]?.isOn == true && places["truncate:2"]?.probability == 1)
  }

  @Test("methods are the same points in one draw, whichever runs they come from")
  func pairsAcrossRuns() throws {
    // Both solve the same episodes; the cheaper one always wins, but only if they are drawn together.
    let half: (String, String, Int) -> Bool = { _, _, index in index % 2 == 0 }
    let dense = PolicyRun(label: "a", contents: "a", methods: ["dense"], solved: half)
    let cheap = PolicyRun(
      label: "b", contents: "b", methods: ["truncate:2"], solved: half,
      layers: { _, _, _ in [[1, 1, 0, 0]] })
    let places = try places([dense, cheap])
    #expect(places["dense"]?.probability == 0 && places["truncate:2"]?.probability == 1)
  }

  @Test("table and figure say who is on it and how surely")
  func showsFrontier() throws {
    let found = try #require(try SideBySideFixture([nested]).compared(draws: 200))
    let table = SuccessCurveTable.table(found)
    let lines = table.csv().split(separator: "\r\n")
    #expect(lines[0].hasSuffix("on_frontier,frontier_probability,frontier_draws"))
    #expect(lines.contains { $0.contains("truncate:3") && $0.hasSuffix(",no,0,200") })
    #expect(lines.contains { $0.contains(",dense,") && $0.hasSuffix(",yes,1,200") })
    #expect(lines.contains { $0.contains("home") && $0.hasSuffix(",,,") })
    let svg = try #require(found.figures.first).svg
    #expect(svg.contains("frontier 100 %") && svg.contains("stroke-dasharray"))
    #expect(svg.contains("on the frontier in 0 % of the draws"))
  }
}
