import Foundation
import Testing

@Suite("mole report's page")
struct ReportPageCommandTests {
  @Test func `a report has a page, with the recordings' pictures where they are given`() throws {
    try withWorkplace { place in
      #expect(try place.eval(["--out", "run"]).exitCode == 0)
      try place.expectFine(["report", "run", "--out", "bare"])
      try place.expectFine(["report", "run", "--out", "full", "--demos", "close_jar.hdf5"])
      let (bare, full) = (try page("bare", in: place), try page("full", in: place))
      #expect(bare.hasPrefix("<!DOCTYPE html>") && full.hasPrefix("<!DOCTYPE html>"))
      #expect(!bare.contains("data:image/jpeg;base64,"))
      #expect(full.contains("data:image/jpeg;base64,"))
      try place.expectFine(["report", "run", "--out", "none", "--viewer-episodes", "0"])
      #expect(try !page("none", in: place).contains("id=\"episode-data\""))
      try place.expectFine(["report", "run"])
      #expect(try page("run", in: place) == bare)
    }
  }

  @Test func `published numbers are printed beside and written`() throws {
    try withWorkplace { place in
      #expect(try place.eval(["--out", "run"]).exitCode == 0)
      try place.write(
        "paper,version,table,row,base,kind,layers_kept,layers,tasks,trials_per_task,"
          + "success_percent,language_gflops,seconds,hertz,evidence,source\n"
          + "P,1,Table 1,Theirs,,dense,4,4,10,25,60.8,,,,P1,somewhere\n", to: "published.csv")
      let output = try place.expectFine(
        ["report", "run", "--out", "report", "--published", "published.csv"])
      #expect(output.contains("Published, RLBench") && output.contains("54.6–66.6"))
      let table = try String(
        contentsOf: place.url("report/tables/published.csv"), encoding: .utf8)
      #expect(table.contains("Theirs"))
      try place.expectRefusal(
        ["report", "run", "--out", "no", "--published", "none.csv"], exitCode: 66,
        containing: "none.csv", "no such file")
      try place.expectRefusal(
        ["report", "run", "--out", "no", "--published", "run/run.json"], exitCode: 65,
        containing: "Line 1", "not of that form")
    }
  }

  @Test func `options of the page that make no sense are refused`() throws {
    try withWorkplace { place in
      #expect(try place.eval(["--out", "run"]).exitCode == 0)
      try place.expectRefusal(
        ["report", "run", "--viewer-episodes=-1"], exitCode: 64,
        containing: "'--viewer-episodes'", "a negative number")
      try place.expectRefusal(
        ["report", "run", "--strips", "a"], exitCode: 64, containing: "'--strips'",
        "strips without a rollout")
    }
  }

  private func page(_ report: String, in place: Workplace) throws -> String {
    try String(contentsOf: place.url("\(report)/report.html"), encoding: .utf8)
  }
}
