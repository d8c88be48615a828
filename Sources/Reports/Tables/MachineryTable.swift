internal import Outcomes

/// Method × task: success read three ways where the machinery failed, so that nobody has to guess how
/// its failures were counted.
package enum MachineryTable {
  private struct Row {
    var method: String
    var task: String
    var reading: MachineryReading
  }

  /// - Returns: `nil` where no episode ended by a fault of the machinery.
  package static func table(_ summary: RunSummary) -> Table? {
    let rows = summary.methods.flatMap { method in
      (method.tasks + [method.pooled]).compactMap { group in
        MachineryReading(group.closedLoop ?? group.openLoop, confidence: summary.confidence).map {
          Row(method: method.name, task: group.name, reading: $0)
        }
      }
    }
    guard rows.contains(where: { $0.reading.faults > 0 }) else { return nil }
    return Table(
      name: "success_three_ways",
      title: "Success in '\(summary.suite)', read three ways where the machinery failed",
      notes: notes + MainTable.partialNote(summary), columns: columns, of: rows)
  }

  private static var columns: [ColumnSource<Row>] {
    [
      ColumnSource(.init("method", isGroup: true)) { .text($0.method) },
      ColumnSource(.init("task")) { .text($0.task) },
      ColumnSource(.init("episodes", "epi-\nsodes")) { .init($0.reading.episodes) },
      ColumnSource(.init("solved_once", "solved")) { .init($0.reading.solved) },
      ColumnSource(.init("machinery_failures", "machinery\nfailed")) { .init($0.reading.faults) },
    ] + reading("as_failures", "as\nfailures\n%", \.asFailures)
      + reading("excluded", "excluded\n%", \.excluded)
      + reading("if_all_solved", "if all\nsolved\n%", \.ifAllSolved)
      + [
        ColumnSource(
          .init("bounds", "bounds\n%", format: .percent(), audience: .people)
        ) { .interval($0.reading.bounds.lowerBound, $0.reading.bounds.upperBound) },
        ColumnSource(.init("bounds_lower_95", audience: .data)) {
          .number($0.reading.bounds.lowerBound)
        },
        ColumnSource(.init("bounds_upper_95", audience: .data)) {
          .number($0.reading.bounds.upperBound)
        },
      ]
  }

  private static func reading(
    _ key: String, _ heading: String, _ share: @escaping (MachineryReading) -> Proportion?
  ) -> [ColumnSource<Row>] {
    let percent = NumberFormat.percent()
    let stem = "success_once_\(key)"
    return [
      ColumnSource(.init(stem, heading, format: percent)) { .init(share($0.reading)?.rate) },
      ColumnSource(
        .init("\(stem)_interval", "95 %\ninterval", format: percent, audience: [.document])
      ) { .init(interval: share($0.reading)) },
      ColumnSource(.init("\(stem)_lower_95", audience: .data)) { .init(share($0.reading)?.lower) },
      ColumnSource(.init("\(stem)_upper_95", audience: .data)) { .init(share($0.reading)?.upper) },
    ]
  }

  private static let notes = [
    "machinery failed: unsolved episodes whose simulation left the finite numbers, which says nothing"
      + " of the policy. An action that no world can carry out is the policy's own failure.",
    "as failures: counted as unsolved, as in all other tables, and the worst that can be. excluded:"
      + " left out, which favours a policy that brings the machinery down where it would have failed."
      + " if all solved: the best that can be. Intervals: Wilson, over episodes.",
    "bounds: from the lower end of the worst case's interval to the upper end of the best case's.",
  ]
}

/// What success is, by how the failures of the machinery are counted.
package struct MachineryReading: Equatable, Sendable {
  package let episodes: Int
  /// At some time.
  package let solved: Int
  /// Unsolved episodes that the machinery ended.
  package let faults: Int
  package let asFailures: Proportion
  /// `nil` where nothing else was judged.
  package let excluded: Proportion?
  package let ifAllSolved: Proportion
  /// What holds whatever the faults hid, at the intervals' confidence.
  package let bounds: ClosedRange<Double>

  /// `nil` where nothing was judged.
  package init?(_ result: SuccessSummary?, confidence: Double) {
    guard let result else { return nil }
    let faults = OutcomeFailure.allCases.filter(\.isOfMachinery).reduce(0) {
      $0 + result.failures[$1.rawValue, default: 0]
    }
    func share(_ solved: Int, of episodes: Int) -> Proportion? {
      Proportion(wilson: solved, of: episodes, confidence: confidence)
    }
    guard let worst = share(result.solved, of: result.episodes),
      let best = share(result.solved + faults, of: result.episodes),
      let lower = worst.lower, let upper = best.upper
    else { return nil }
    (episodes, solved, self.faults) = (result.episodes, result.solved, faults)
    (asFailures, ifAllSolved, bounds) = (worst, best, lower...upper)
    excluded = share(result.solved, of: result.episodes - faults)
  }
}
