import Foundation
import Manipulation
import Outcomes
import Reports
import Testing

@Suite("Latency and deadlines")
struct LatencyTests {
  /// Ten episodes of ten queries and ten actions that take 0.01, 0.02, … 1 s, those up to 0.3 s with
  /// two layers.
  private func run(batch: Int? = nil) throws -> RunFixture {
    let outcomes = (0..<10).map { index in
      var outcome = EpisodeOutcome.rolledOut(
        "mole", "pour", index, solved: true,
        layers: (0..<10).map { index * 10 + $0 < 30 ? [1, 0, 1, 0] : [1, 1, 1, 0] })
      for step in outcome.queries.indices {
        let seconds = Double(index * 10 + step + 1) / 100
        outcome.queries[step].timing = QueryTiming(
          seconds: [:], totalSeconds: seconds, batch: batch)
      }
      return outcome
    }
    return try RunFixture(
      manifest: .rollout(methods: ["mole"], tasks: ["pour"], episodes: 10), outcomes: outcomes)
  }

  private func near(_ a: Double?, _ b: Double) -> Bool { a.map { abs($0 - b) < 1e-9 } ?? false }

  @Test("percentiles and the largest are numpy's, deadline misses have scipy's intervals")
  func computesPercentiles() throws {
    let profile = try #require(run().summary().methods[0].latencyProfile)
    let all = try #require(profile.all)
    #expect(all.queries == 100 && all.layers == nil && profile.batchedQueries == 0)
    #expect(near(all.mean, 0.505) && near(all.p50, 0.505) && near(all.p90, 0.901))
    #expect(near(all.p95, 0.9505) && near(all.p99, 0.9901) && all.max == 1)
    #expect(all.misses.map(\.rate) == [0.8, 0.9, 0.95])
    // scipy: binomtest(80, 100).proportion_ci(method="wilson"), 90, 95
    let lower = [0.711170834406841, 0.8256343384950865, 0.8882495307680809]
    let upper = [0.8666330666689674, 0.9447708629393249, 0.978456320845632]
    for (index, miss) in all.misses.enumerated() {
      #expect(near(miss.lower, lower[index]) && near(miss.upper, upper[index]))
    }
  }

  @Test("rates are of queries, and of actions for each second of waiting")
  func computesRates() throws {
    let profile = try #require(run().summary().methods[0].latencyProfile)
    #expect(near(profile.all?.queryRate, 1 / 0.505) && near(profile.actionRate, 100 / 50.5))
    #expect(profile.warmupQueries == 2)
  }

  @Test("queries are told apart by the layers that ran")
  func separatesLayers() throws {
    let profile = try #require(run().summary().methods[0].latencyProfile)
    #expect(profile.byLayers.map(\.layers) == [2, 3])
    #expect(profile.byLayers.map(\.queries) == [30, 70])
    #expect(near(profile.byLayers[0].mean, 0.155) && profile.byLayers[0].max == 0.3)
    #expect(profile.byLayers[0].misses[0].rate == 10.0 / 30)
    let table = try #require(LatencyTable.table(try run().summary()))
    #expect(table.rows.count == 3)
    let header = table.csv().prefix { $0 != "\r\n" }
    #expect(header.contains("measured_p99_s") && header.contains("late_for_10_hz_lower_95"))
    #expect(table.console(width: 120).split(separator: "\n").allSatisfy { $0.count <= 120 })
  }

  @Test("a share of a batch's time is no latency")
  func leavesBatchesOut() throws {
    let summary = try run(batch: 4).summary()
    let profile = try #require(summary.methods[0].latencyProfile)
    #expect(profile.batchedQueries == 100 && profile.all == nil && profile.actionRate == nil)
    let table = try #require(LatencyTable.table(summary))
    #expect(table.rows.isEmpty && table.notes.contains { $0.hasPrefix("BATCHED: 100 queries") })
  }

  @Test("a journal without times has no table")
  func showsNothing() throws {
    var outcome = TinyRollout.outcomes[0]
    for step in outcome.queries.indices { outcome.queries[step].timing = nil }
    let summary = try RunFixture(manifest: .rollout(), outcomes: [outcome]).summary()
    #expect(LatencyTable.table(summary) == nil)
  }
}
