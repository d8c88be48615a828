import Foundation
import Testing

@Suite("mole stats")
struct StatsCommandTests {
  private func run(_ line: String) throws -> Program.Result {
    let folder = FileManager.default.temporaryDirectory.path
    return try Program.run(
      ["stats"] + line.split(separator: " ").map(String.init), in: folder)
  }

  /// The lines of data of a table, by column.
  private func rows(_ line: String) throws -> [[String: String]] {
    let result = try run(line + " --format csv")
    #expect(result.exitCode == 0 && result.messages.isEmpty, "\(line): \(result.messages)")
    let lines = result.output.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let keys = try #require(lines.first)
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(keys, $0)) }
  }

  private func number(_ line: String, _ key: String, row: Int = 0) throws -> Double {
    let rows = try rows(line)
    try #require(row < rows.count)
    return try #require(rows[row][key].flatMap(Double.init), "\(key) of \(line)")
  }

  @Test(
    "says what the rooms below calculate",
    arguments: [
      ("interval 9/10", "lower", 0, 0.5958), ("interval 9/10 --method jeffreys", "upper", 0, 0.989),
      ("mcnemar 11 2", "exact_p", 0, 0.0225), ("mcnemar 11 2", "mid_p", 2, 0.0065),
      ("tango 1 1 7 12", "upper", 0, 0.517), ("fisher 25/50 29/50", "p", 0, 0.5475),
      ("barnard 7/12 8/9", "p", 0, 0.1451), ("boschloo 25/50 29/50", "p", 1, 0.2337),
      ("newcombe 48/80 56/70", "lower", 0, 0.0524), ("holm 0.01 0.04 0.03", "adjusted_p", 1, 0.06),
      ("bh 0.01 0.04 0.03", "adjusted_p", 2, 0.04), ("cmh 5/10:7/10 2/10:6/10", "p", 0, 0.0591),
      ("sequential betting 40 11 2 47", "e_value", 2, 10.358),
      ("sequential bounds --looks 5", "bound", 4, 2.0401),
      ("sequential bounds --looks 5 --shape pocock", "bound", 0, 2.4132),
      ("plan --rate 0.6 --difference 0.05", "episodes", 0, 1471),
      ("plan --rate 0.6 --difference -0.05 --paired --discordant 0.2", "episodes", 0, 626),
      ("plan --rate 0.6 --episodes 250", "difference", 1, 0.1185),
    ])
  func values(line: String, key: String, row: Int, expected: Double) throws {
    let found = try number(line, key, row: row)
    #expect(abs(found - expected) < 0.001 * max(1, expected), "\(line): \(found)")
  }

  @Test("all five intervals of several counts have a row each")
  func intervals() throws {
    let rows = try rows("interval 9/10 0/25 --method all --confidence 0.9")
    #expect(rows.count == 10 && rows.allSatisfy { $0["confidence"] == "0.9" })
    #expect(Set(rows.compactMap { $0["method"] }).count == 5)
  }

  @Test("the same seed draws the same experiments, another one others")
  func seeded() throws {
    let line = "simulate errors --episodes 60 --differences 0,-0.2 --draws 60 --format json"
    let first = try run(line)
    #expect(try first.exitCode == 0 && first.output == run(line).output)
    #expect(try first.output != run(line + " --seed 2").output)
  }

  @Test("coverage needs no draws")
  func coverage() throws {
    let rows = try rows("simulate coverage --episodes 10 --rates 3")
    #expect(rows.count == 15)
    #expect(rows.allSatisfy { (0.8...1).contains($0["coverage"].flatMap(Double.init) ?? 0) })
  }

  @Test(
    "counts and flags that make no sense are usage errors of one sentence",
    arguments: [
      "interval 11/10", "interval 9", "interval 0/0", "interval -1/3", "interval",
      "interval 9/10 --method wald", "interval 9/10 --confidence 1", "mcnemar -1 3", "mcnemar 1",
      "mcnemar 1 99999999999", "tango 0 0 0 0", "tango 1 2 3", "tango 1 1 1 1 --margin 2",
      "fisher 25/50", "fisher 25/50 51/50", "barnard 1/20000 2/30000", "boschloo x y",
      "newcombe 1/2 3/4 --confidence 0", "holm 0.1 1.2", "holm nan", "bh -0.1", "holm",
      "cmh 5/10", "cmh 5/10:7/0", "sequential betting 1 2 3 4 --margin 1",
      "sequential bounds --looks 0", "sequential bounds --alpha 0.5",
      "plan --rate 0.6", "plan --rate 1.6 --difference 0.1", "plan --rate 0.9 --difference 0.2",
      "plan --rate 0.6 --difference 0", "plan --rate 0.6 --difference nan",
      "plan --rate 0.6 --difference 0.1 --discordant 0.2",
      "plan --rate 0.6 --difference 0.3 --paired --discordant 0.2",
      "plan --rate 0.6 --episodes 0", "plan --rate nan --episodes 9",
      "simulate coverage --episodes 0", "simulate coverage --episodes ten",
      "simulate errors --differences 0.3", "simulate errors --episodes 3", "median 1 2 3",
    ])
  func usage(line: String) throws {
    let result = try run(line)
    #expect(result.exitCode == 64, "\(line): \(result.exitCode) \(result.messages)")
    #expect(result.output.isEmpty)
    #expect(result.messages.hasPrefix("mole: "))
    #expect(result.messages.split(whereSeparator: \.isNewline).count == 1, "\(result.messages)")
  }
}
