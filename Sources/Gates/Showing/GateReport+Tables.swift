internal import Foundation
package import Reports

extension GateReport {
  /// The whole in one sentence.
  package var headline: String {
    let names = "'\(candidate)' against '\(base)'"
    switch outcome {
    case .passed: return "Passed: \(names) over \(pairs) pairs of episodes."
    case .regressed:
      let count = findings.count { $0.verdict == .regressed }
      return "Regressed: \(names) over \(pairs) pairs of episodes, by \(count) of"
        + " \(findings.count) checks."
    case .cannotTell:
      return "Cannot tell: \(names) over \(pairs) pairs of episodes do not suffice."
    case .notPaired:
      let count = max(1, faults.count + missing.count)
      return "Not comparable: \(names), for \(count) \(count == 1 ? "reason" : "reasons")."
    }
  }

  /// The findings as sentences, in the order of the table.
  package var sentences: [String] { findings.map { FindingText($0, in: self).sentence } }

  /// The findings, a row each; where there are none, what keeps the episodes from being pairs.
  package var tables: [Table] {
    guard outcome == .notPaired else { return [findingTable] }
    let named = [faultTable, missingTable].compactMap(\.self)
    return named.isEmpty ? [refusalTable] : named
  }

  private var findingTable: Table {
    let manyMethods = Set(findings.map(\.methods)).count > 1
    let people: Table.Audience = manyMethods ? .all : .data
    func text(_ key: String, _ heading: String, _ cell: @escaping (FindingText, Finding) -> String)
      -> ColumnSource
    {
      ColumnSource(.init(key, heading, audience: .people)) {
        .text(cell(FindingText($0, in: self), $0))
      }
    }
    let columns: [ColumnSource] =
      [
        ColumnSource(.init("check")) { .text($0.check.rawValue) },
        ColumnSource(.init("method", audience: people)) { .text($0.methods.name) },
        ColumnSource(.init("task")) { .text($0.task ?? "all") },
        ColumnSource(.init("pairs")) { .number(Double($0.pairs)) },
        text("base_text", "base") { text, finding in finding.base.map(text.value) ?? "-" },
        text("candidate_text", "candidate") { text, finding in
          finding.candidate.map(text.value) ?? "-"
        },
        text("effect_text", "change") { text, finding in
          finding.effect.map { text.signed($0.value) } ?? "-"
        },
        text("interval_text", "interval") { text, finding in
          finding.effect == nil ? "-" : text.intervalText
        },
        text("margin_text", "margin") { text, finding in text.amount(finding.margin) },
      ] + GateReport.dataColumns + [
        ColumnSource(.init("adjusted_p", "p", format: NumberFormat(decimals: 4))) {
          $0.adjustedP.map { .number($0) } ?? .empty
        },
        ColumnSource(.init("verdict")) { .text($0.verdict.text) },
      ]
    return Table(
      name: "gate", title: headline,
      notes: urgentFirst + remarks.map { "Note: \($0)." } + [conventions],
      columns: columns.map(\.column), rows: findings.map { row in columns.map { $0.cell(row) } })
  }

  /// The sentences, those on regressions before all others.
  private var urgentFirst: [String] {
    let pairs = zip(findings, sentences)
    return pairs.filter { $0.0.verdict == .regressed }.map(\.1)
      + pairs.filter { $0.0.verdict != .regressed }.map(\.1)
  }

  private var conventions: String {
    "Each interval covers \(NumberFormat.percent(decimals: 1).text(1 - settings.alpha)) % alone; p"
      + " is two-sided. Holm's method adjusts p among tasks, and as much the tests of margins, so"
      + " that an interval within the margin may not suffice. 1 MAC = 2 FLOPs."
  }

  /// The numbers in base units, for programs.
  private static var dataColumns: [ColumnSource] {
    func number(_ key: String, _ value: @escaping (Finding) -> Double?) -> ColumnSource {
      ColumnSource(.init(key, audience: .data)) { value($0).map { .number($0) } ?? .empty }
    }
    return [
      number("base") { $0.base }, number("candidate") { $0.candidate },
      number("effect") { $0.effect?.value }, number("lower") { $0.effect?.lower },
      number("upper") { $0.effect?.upper }, number("margin") { $0.margin },
      number("both") { $0.counts.map { Double($0.both) } },
      number("only_base") { $0.counts.map { Double($0.onlyBase) } },
      number("only_candidate") { $0.counts.map { Double($0.onlyCandidate) } },
      number("neither") { $0.counts.map { Double($0.neither) } },
      number("p_value") { $0.pValue },
      number("pairs_to_decide") { $0.pairsToDecide.map(Double.init) },
    ]
  }

  /// Where no single fact or episode is to blame, such as a run that is not complete.
  private var refusalTable: Table {
    Table(
      name: "refusal", title: headline, notes: [], columns: [.init("reason")],
      rows: [[.text(refusal ?? "unknown")]])
  }

  private var faultTable: Table? {
    guard !faults.isEmpty else { return nil }
    return Table(
      name: "pairing_faults", title: headline,
      notes: ["Both sides must have seen the same for episodes to be pairs."],
      columns: [
        .init("fact"), .init("task"), .init("episode"), .init("base"), .init("candidate"),
      ],
      rows: faults.map {
        [
          .text($0.fact.text), .text($0.task ?? "all"), .text($0.episode ?? "all"),
          .text($0.base), .text($0.candidate),
        ]
      })
  }

  private var missingTable: Table? {
    guard !missing.isEmpty else { return nil }
    return Table(
      name: "missing_episodes", title: "Episodes that only one run has.",
      notes: ["'--allow-partial' compares what both have."],
      columns: [.init("task"), .init("episode"), .init("missing_in", "missing in")],
      rows: missing.map { [.text($0.task), .text($0.episode), .text($0.missingIn.rawValue)] })
  }
}

/// A column together with where its cells come from.
private struct ColumnSource {
  var column: Table.Column
  var cell: (Finding) -> Table.Cell

  init(_ column: Table.Column, _ cell: @escaping (Finding) -> Table.Cell) {
    self.column = column
    self.cell = cell
  }
}
