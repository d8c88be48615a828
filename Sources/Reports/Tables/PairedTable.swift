/// Rows against a base on the episodes that both saw: by how much, and whether that may be chance.
package enum PairedTable {
  private typealias Source = ColumnSource<PairedComparison>

  package static func table(_ sideBySide: SideBySide) -> Table {
    Table(
      name: "paired",
      title: "Success against a base, episode by episode, in '\(sideBySide.suite)'",
      notes: notes(sideBySide),
      columns: names(sideBySide) + difference + counts, of: sideBySide.comparisons)
  }

  private static func names(_ sideBySide: SideBySide) -> [Source] {
    let names = [
      Source(.init("base", isGroup: true)) { .text("against \($0.base.text)") },
      Source(.init("policy")) { .text($0.row.policy) },
      Source(.init("method")) { .text($0.row.method) },
    ]
    let wording = [Source(.init("wording")) { .text($0.row.wording.rawValue) }]
    let seeds = [
      Source(.init("seeds", audience: .roomy)) { row in
        .text(row.seeds == [1, 1] ? "–" : row.seeds.map(String.init).joined(separator: " : "))
      }
    ]
    return names + (sideBySide.hasWordings ? wording : [])
      + (sideBySide.hasSeeds ? seeds : []) + [
        Source(.init("shared_episodes", "epi-\nsodes\nof both")) { .init($0.episodes) }
      ]
  }

  private static var difference: [Source] {
    let percent = NumberFormat.percent()
    // A difference of shares is told in points.
    let points = NumberFormat.percent()
    return [
      Source(.init("success_once", "success\n%", format: percent)) { .init($0.rate) },
      Source(.init("base_success_once", "base\n%", format: percent)) { .init($0.baseRate) },
      Source(.init("difference", "difference\npoints", format: points)) {
        .init($0.difference?.value)
      },
      Source(.init("difference_interval", "95 %\ninterval", format: points, audience: .people)) {
        guard let lower = $0.difference?.lower, let upper = $0.difference?.upper else {
          return .empty
        }
        return .interval(lower, upper)
      },
      Source(.init("difference_lower_95", audience: .data)) { .init($0.difference?.lower) },
      Source(.init("difference_upper_95", audience: .data)) { .init($0.difference?.upper) },
    ]
  }

  private static var counts: [Source] {
    func count(
      _ key: String, _ heading: String, audience: Table.Audience,
      _ value: @escaping (PairedCounts) -> Int
    ) -> Source {
      Source(.init(key, heading, audience: audience)) {
        .init($0.counts.map { Double(value($0)) })
      }
    }
    return [
      count("solved_by_both", "both", audience: [.document, .data], \.both),
      count("solved_by_row_only", "only\nit", audience: .roomy, \.onlyRow),
      count("solved_by_base_only", "only\nbase", audience: .roomy, \.onlyBase),
      count("solved_by_neither", "neither", audience: [.document, .data], \.neither),
      Source(.init("mcnemar_exact_p", "McNemar\np", format: NumberFormat(decimals: 4))) {
        .init($0.counts?.pValue)
      },
    ]
  }

  private static func notes(_ sideBySide: SideBySide) -> [String] {
    guard !sideBySide.comparisons.isEmpty else {
      return [
        "NOTHING TO COMPARE: there is no dense method, or no other row; name a base with '--against'."
      ]
    }
    let seeds =
      "Rows of several training seeds (their numbers: row : base) compare means over seeds, which are"
      + " drawn again too, on each side for itself; there is no p, as an episode has several"
      + " answers. A single seed is held against the same seed of the base, where that has it."
    return [
      "Success at some time on the episodes that both saw, from the same seeds. Interval: percentile"
        + " bootstrap of \(sideBySide.draws) draws that takes pairs of episodes again within each"
        + " task.",
      "p: McNemar's exact test, two-sided, of the episodes that only one of the two solved; 0.0000"
        + " is below 0.00005. It is not corrected for the number of rows.",
    ] + (sideBySide.hasSeeds ? [seeds] : []) + SideBySideTable.partialNote(sideBySide)
  }
}
