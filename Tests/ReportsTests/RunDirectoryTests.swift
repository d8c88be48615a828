import Failures
import Foundation
import Manipulation
import Outcomes
import Reports
import Testing

@Suite("Reading run directories")
struct RunDirectoryTests {
  private func lines() throws -> [Data] { try TinyRun.outcomes.map { try OutcomeCoding.line($0) } }

  private func methods(in run: RunDirectory) throws -> [String] {
    var methods: [String] = []
    try run.forEachEpisode { methods.append($0.method) }
    return methods
  }

  @Test("every episode comes, in the journal's order")
  func readsInOrder() throws {
    let run = try TinyRun.fixture()
    #expect(try methods(in: run.open()) == ["dense", "dense", "dense", "mole", "mole", "mole"])
  }

  @Test("a torn last line is dropped, wherever it was torn", arguments: [1, 40, 200])
  func dropsTornLine(kept: Int) throws {
    let run = try RunFixture()
    let lines = try lines()
    let tail = String(decoding: lines[5].prefix(kept), as: UTF8.self)
    try run.write(.sample(), lines: Array(lines[..<5]), tail: tail)
    #expect(try methods(in: run.open()).count == 5)
  }

  @Test("lines longer than a read are put together")
  func readsLongLines() throws {
    let query = TinyRun.outcomes[0].queries[0]
    let long = EpisodeOutcome.sample(
      "dense", "pour", 0, [QueryOutcome](repeating: query, count: 6000))
    let run = try RunFixture(manifest: .sample(), outcomes: [long] + TinyRun.outcomes[1...])
    let journal = run.url.appending(path: RunFile.journal)
    #expect(try Data(contentsOf: journal).count > 2 << 20)
    #expect(try run.summary().methods[0].pooled.queries == 6002)
  }

  @Test("a folder that is no run directory is missing input")
  func refusesOtherFolders() throws {
    let run = try RunFixture()
    let error = #expect(throws: ReportError.self) { try run.open() }
    #expect(error?.kind == .missingInput)
    #expect(error?.description.contains("has no file 'run.json'") == true)
  }

  @Test(
    "a damaged manifest is bad data",
    arguments: ["", "{", "[]", "{\"schema_version\": 3}", "{\"schema_version\": \"mole-run-1\"}"])
  func refusesDamagedManifest(text: String) throws {
    let run = try TinyRun.fixture()
    try Data(text.utf8).write(to: run.url.appending(path: RunFile.manifest))
    let error = #expect(throws: ReportError.self) { try run.open() }
    #expect(error?.kind == .badData)
  }

  @Test("a manifest of another schema is named as that")
  func refusesOtherSchema() throws {
    let run = try RunFixture()
    var manifest = RunManifest.sample()
    manifest.schemaVersion = "mole-run-9"
    try run.write(manifest, lines: [])
    let file = run.url.appending(path: RunFile.manifest).path
    #expect(
      throws: ReportError.otherSchema("mole-run-9", file: file, expected: "mole-run-1")
    ) { try run.open() }
  }

  @Test("layers beyond measure are refused before memory is taken", arguments: [-1, 1 << 40])
  func refusesImpossibleLayerCounts(count: Int) throws {
    let run = try RunFixture()
    try run.write(.sample(layerCount: count), lines: [])
    #expect(throws: ReportError.self) { try run.open() }
  }

  @Test("a line that is no outcome is named by its number")
  func namesBadLine() throws {
    let run = try RunFixture()
    try run.write(.sample(), lines: [try lines()[0], Data("{\"mode\": \"replay\"}".utf8)])
    let error = #expect(throws: ReportError.self) { try run.summary() }
    #expect(error?.kind == .badData)
    #expect(error?.description.hasPrefix("Line 2 of '") == true)
    #expect(error?.description.contains("has no 'method'") == true)
  }

  @Test("an outcome of another run is not counted")
  func refusesForeignOutcomes() throws {
    let good = TinyRun.outcomes[3]
    var method = good
    method.method = "other"
    var task = good
    task.episode.task = "other"
    var mask = good
    mask.queries[0].layers.shares = [1, 1]
    var share = good
    share.queries[0].layers.shares[0] = 1.5
    var error = good
    error.queries[0].positionError = -1
    var macs = good
    macs.queries[0].compute.executed[.vision] = -1
    let cases = [
      ([method], "method 'other'"), ([task], "task 'other'"), ([mask], "2 layers"),
      ([share], "layer share"), ([error], "negative"), ([macs], "negative"),
      ([good, good], "twice"),
    ]
    for (outcomes, words) in cases {
      let run = try RunFixture(manifest: .sample(), outcomes: outcomes)
      let error = #expect(throws: ReportError.self) { try run.summary() }
      #expect(error?.kind == .badData)
      #expect(error?.description.contains(words) == true, "\(words)")
    }
  }

  @Test("counts as large as a number holds do not overflow")
  func addsHugeCounts() throws {
    var outcome = TinyRun.outcomes[0]
    for index in outcome.queries.indices {
      outcome.queries[index].compute.executed[.languageLayers] = .max
      outcome.queries[index].compute.executed[.router] = .max
    }
    let run = try RunFixture(manifest: .sample(), outcomes: [outcome])
    let macs = try run.summary().methods[0].pooled.executed
    #expect(macs?.languageModel == 2 * Double(Int.max))
  }
}
