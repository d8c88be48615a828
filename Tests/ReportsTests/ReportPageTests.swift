import Foundation
import Images
import Manipulation
import Outcomes
import Reports
import Testing

@Suite("The report as a page")
struct ReportPageTests {
  private static let hostile = "</script><img src=x onerror=alert(1)>\"'&\u{202E}\n"

  /// A run whose every text tries to be markup.
  private func hostileRun() throws -> RunFixture {
    var manifest = RunManifest.rollout(methods: ["dense", "mole"], tasks: [Self.hostile])
    manifest.plan.label = Self.hostile
    manifest.command = ["mole", Self.hostile]
    manifest.environment.processor = Self.hostile
    manifest.methods[1].parameters = [Self.hostile: .text(Self.hostile)]
    manifest.checkpointFiles = [FileDigest(path: Self.hostile, bytes: 1, sha256: Self.hostile)]
    var outcome = EpisodeOutcome.rolledOut(
      "mole", Self.hostile, 0, solved: true, layers: [[1, 0, 1, 0]])
    outcome.instruction = Self.hostile
    return try RunFixture(manifest: manifest, outcomes: [outcome])
  }

  @Test func `what a run says never becomes markup`() throws {
    let run = try hostileRun()
    let page = try PageFixture([run])
    #expect(page.count("<img") == 0)
    #expect(page.count("<script") == 2 && page.count("</script>") == 2)
    #expect(page.count("\u{202E}") == 0)
    let instruction = try #require(try page.episodes().first?["instruction"] as? String)
    #expect(instruction == "</script><img src=x onerror=alert(1)>\"'&\u{FFFD} ")
  }

  @Test func `a page asks nothing of the network`() throws {
    let run = try TinyRollout.fixture()
    let page = try PageFixture([run])
    #expect(page.count("Content-Security-Policy") == 1 && page.count("default-src 'none'") == 1)
    let outside = page.html.replacing("http://www.w3.org/2000/svg", with: "")
    #expect(!outside.contains("http:") && !outside.contains("https:"))
    #expect(page.count("@import") == 0 && page.count("url(") == 0)
  }

  @Test func `landmarks, headings in order, and tables with captions and scopes`() throws {
    let (rollout, replay) = (try TinyRollout.fixture(), try TinyRun.fixture())
    let page = try PageFixture([rollout, replay])
    for landmark in ["header", "nav", "main", "footer"] {
      #expect(page.count("</\(landmark)>") == 1, "\(landmark)")
    }
    #expect(page.count("class=\"skip\" href=\"#answer\"") == 1 && page.count("<h1>") == 1)
    let levels = page.html.matches(of: /<h([1-6])/).compactMap { Int($0.output.1) }
    #expect(levels.first == 1 && zip(levels, levels.dropFirst()).allSatisfy { $1 <= $0 + 1 })
    #expect(page.count("<table") > 8)
    #expect(page.count("<table") == page.count("<caption"))
    #expect(page.html.matches(of: /<th[ >]/).count == page.count(" scope=\""))
    #expect(page.count("<figure") > 2 && page.count("<figure") == page.count("role=\"img\""))
    let ids = page.html.matches(of: #/ id="([^"]*)"/#).map(\.output.1)
    #expect(Set(ids).count == ids.count)
    for target in page.html.matches(of: /href="#([^"]*)"/).map(\.output.1) {
      #expect(ids.contains(target), "\(target)")
    }
  }

  @Test func `the first table says success, its interval and the cost`() throws {
    let run = try TinyRollout.fixture()
    let page = try PageFixture([run])
    let table = try #require(page.part(from: "id=\"answer-rollout\"", to: "</table>"))
    let rows = table.components(separatedBy: "<tr>").dropFirst(2).map { row in
      row.replacing(/<[^>]*>/, with: " ").split(separator: " ").joined(separator: " ")
    }
    // The intervals are those of scipy's binomtest(…).proportion_ci(method="wilson").
    #expect(
      rows == [
        "c dense 75.0 30.1–95.4 4 400.0 1.00 4.00 5.000 1.00",
        "c mole 33.3 6.1–79.2 3 210.0 1.90 2.00 3.100 0.62",
        "script home 0.0 0.0–65.8 2 – – – – –",
      ])
  }

  @Test func `replay and rollout are never one table`() throws {
    let (rollout, replay) = (try TinyRollout.fixture(), try TinyRun.fixture())
    let page = try PageFixture([rollout, replay])
    let closed = try #require(page.part(from: "id=\"answer-rollout\"", to: "</table>"))
    let offline = try #require(page.part(from: "id=\"answer-replay\"", to: "</table>"))
    #expect(closed.contains("success %") && !closed.contains("key-frame match"))
    #expect(offline.contains("key-frame match %") && !offline.contains("success"))
  }

  @Test func `a rollout beside a replay has its paired comparisons`() throws {
    let (rollout, replay) = (try TinyRollout.fixture(), try TinyRun.fixture())
    let pairs = try #require(
      try PageFixture([rollout, replay]).part(from: "id=\"paired\"", to: "</table>"))
    #expect(try PageFixture([rollout]).html.contains(pairs))
    #expect(pairs.contains("against c:dense") && pairs.contains("mole"))
  }

  @Test func `that nothing is solved is said as it is`() throws {
    let run = try RunFixture(
      manifest: .rollout(),
      outcomes: [.rolledOut("dense", "pour", 0, solved: false, layers: [[1, 1, 1, 1]])])
    #expect(try PageFixture([run]).count("<li>None solves an episode.</li>") == 1)
  }

  @Test func `the same runs give the same page`() throws {
    let run = try TinyRollout.fixture()
    #expect(try PageFixture([run]).html == PageFixture([run]).html)
  }

  @Test func `an empty run has a page, which says that it is partial`() throws {
    let run = try RunFixture(manifest: .sample(), outcomes: [])
    let page = try PageFixture([run])
    #expect(page.count("class=\"warning\"") == 1)
    #expect(try page.episodes().isEmpty)
  }

  @Test func `a page is written under its name`() throws {
    let run = try TinyRollout.fixture()
    let tally = try PageTally([run.open()])
    let page = try tally.page(sideBySide: nil, offline: nil, published: nil)
    let out = run.url.appending(path: "out")
    try ReportWriter.write(page, to: out)
    let written = try String(contentsOf: out.appending(path: "report.html"), encoding: .utf8)
    #expect(try written == page.html() && written.hasPrefix("<!DOCTYPE html>"))
  }
}
