import Manipulation
import Outcomes
import Reports
import Testing

@Suite("Times of batches")
struct BatchTests {
  /// The tiny run, whose `mole` answered up to `batch` queries at once.
  private func fixture(batch: Int?) throws -> RunFixture {
    var outcomes = TinyRun.outcomes
    for index in outcomes.indices where outcomes[index].method == "mole" {
      outcomes[index].queries[0].timing?.batch = batch
    }
    return try RunFixture(manifest: .sample(), outcomes: outcomes)
  }

  @Test("a summary and its tables say that times are shares of a batch")
  func labelled() throws {
    let summary = try fixture(batch: 8).summary()
    #expect(summary.methods.map(\.pooled.latency?.batch) == [nil, 8])
    #expect(summary.methods[1].meanOverTasks.latency?.batch == 8)
    #expect(summary.conventions.contains { $0.hasPrefix("batch: ") })
    for table in [MainTable.table(summary), ComputeTable.table(summary)] {
      #expect(table.markdown().contains("BATCHED: queries were answered up to 8 at once"))
    }
  }

  @Test("where each query was alone nothing is said")
  func alone() throws {
    let summary = try fixture(batch: nil).summary()
    #expect(summary.methods.allSatisfy { $0.pooled.latency?.batch == nil })
    #expect(!summary.conventions.contains { $0.hasPrefix("batch: ") })
    #expect(!MainTable.table(summary).markdown().contains("BATCHED"))
  }

  @Test("a batch that no run can have is refused", arguments: [0, -1, 5000])
  func impossible(batch: Int) throws {
    #expect(throws: ReportError.self) { try fixture(batch: batch).summary() }
  }
}
