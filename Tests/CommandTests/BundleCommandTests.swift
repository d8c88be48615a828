import Foundation
import Outcomes
import Testing

@Suite("mole report --bundle and --check", .timeLimit(.minutes(10)))
struct BundleCommandTests {
  private func withBundle(_ body: (Workplace) throws -> Void) throws {
    try withWorkplace { place in
      #expect(try place.eval(["--out", "replay", "--methods", "dense,mole"]).exitCode == 0)
      try place.writeRollout("rollout", like: "replay")
      try place.expectFine(["report", "--bundle", "bundle", "rollout", "replay"])
      try body(place)
    }
  }

  private func replace(_ old: String, by new: String, in file: String, of place: Workplace) throws {
    let text = try String(contentsOf: place.url(file), encoding: .utf8)
    let range = try #require(text.range(of: old), "\(old)")
    try place.write(text.replacingCharacters(in: range, with: new), to: file)
  }

  @Test("a bundle is whole wherever it lies, without the runs it was made of")
  func whole() throws {
    try withBundle { place in
      for name in ["replay", "rollout"] {
        try FileManager.default.removeItem(at: place.url(name))
      }
      try FileManager.default.moveItem(at: place.url("bundle"), to: place.url("moved"))
      let result = try place.run(["report", "--check", "moved"])
      #expect(result.exitCode == 0, "\(result.messages)")
      #expect(result.output.isEmpty)
      #expect(place.exists("moved/report/tables/offline_vs_closed_loop.csv"))
      #expect(place.exists("moved/runs/replay/plan.yaml"))
    }
  }

  @Test("what the report compared with is compared with again")
  func against() throws {
    try withBundle { place in
      try place.expectFine([
        "report", "rollout", "--bundle", "alone", "--against", "cogact:dense",
      ])
      try place.expectFine(["report", "--check", "alone"])
      #expect(place.exists("alone/report/tables/paired.csv"))
      try replace("cogact:dense", by: "cogact:mole", in: "alone/bundle.json", of: place)
      let result = try place.run(["report", "--check", "alone", "--format", "csv"])
      #expect(result.exitCode == 1, "\(result.messages)")
      #expect(result.output.contains("report/tables/paired.csv,"), "\(result.output)")
    }
  }

  @Test("a changed digit is named by table, row and column")
  func changed() throws {
    try withBundle { place in
      let table = "bundle/report/replay/tables/main.csv"
      let text = try String(contentsOf: place.url(table), encoding: .utf8)
      let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
      let header = lines[0].split(separator: ",")
      var cells = lines[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let column = try #require(header.firstIndex(of: "position_error_median_m"))
      cells[column] = cells[column].dropLast() + (cells[column].last == "1" ? "2" : "1")
      var changed = lines.map(String.init)
      changed[1] = cells.joined(separator: ",")
      try place.write(changed.joined(separator: "\r\n"), to: table)
      // Who knows of the digests can change them as well.
      let result = try place.run(["report", "--check", "bundle", "--format", "csv"])
      #expect(result.exitCode == 1)
      #expect(result.output.contains("report/replay/tables/main.csv,,,its SHA-256"))
      #expect(
        result.output.contains("report/replay/tables/main.csv,\"1 (dense"), "\(result.output)")
      #expect(result.output.contains(",position_error_median_m,"), "\(result.output)")
    }
  }

  @Test("changed journals, missing and added files are found")
  func files() throws {
    try withBundle { place in
      let journal = "bundle/runs/rollout/episodes.jsonl"
      try replace("\"actions\":2", by: "\"actions\":3", in: journal, of: place)
      try FileManager.default.removeItem(at: place.url("bundle/report/rollout/tables/main.md"))
      try place.write("x", to: "bundle/report/more.csv")
      let result = try place.run(["report", "--check", "bundle", "--format", "csv"])
      #expect(result.exitCode == 1, "\(result.messages)")
      for phrase in [
        "runs/rollout/episodes.jsonl,,,its SHA-256", "rollout/tables/main.md,,,it is missing",
        "report/more.csv,,,it is not in bundle.json", "report/rollout/tables/main.csv,",
      ] {
        #expect(result.output.contains(phrase), "\(phrase) in \(result.output)")
      }
      // One of which no report can be made.
      try place.write("{}\n", to: journal)
      let damaged = try place.run(["report", "--check", "bundle", "--format", "csv"])
      #expect(damaged.exitCode == 1, "\(damaged.messages)")
      #expect(damaged.output.contains("report,,,it no longer follows"), "\(damaged.output)")
      #expect(damaged.messages.contains("Line 1 of"), "\(damaged.messages)")
    }
  }

  @Test("what is no bundle, or has a place already, is refused")
  func refusals() throws {
    try withBundle { place in
      try place.expectRefusal(
        ["report", "--check", "replay"], exitCode: 66, containing: "bundle.json", "a run")
      try place.expectRefusal(
        ["report", "--bundle", "bundle", "replay"], exitCode: 73, containing: "exists already",
        "there already")
      try place.expectRefusal(
        ["report", "--check", "bundle", "replay"], exitCode: 64, containing: "'--check'", "both")
      try place.expectRefusal(
        ["report", "--bundle", "more", "replay", "--published", "x.csv"], exitCode: 64,
        containing: "'--published'", "what is not of the runs")
      try place.expectRefusal(["report"], exitCode: 64, containing: "<runs> ...", "nothing")
      try replace("\"replay\"", by: "\"../../etc\"", in: "bundle/bundle.json", of: place)
      try place.expectRefusal(
        ["report", "--check", "bundle"], exitCode: 65, containing: "../../etc", "a path outside")
    }
  }
}
