/// Whether the layers of a policy are all used, and whether its choice depends on the query.
package enum RouterHealthTable {
  private struct Row {
    var name: RowName
    var health: RouterHealth
    var paraphrase: ParaphraseAgreement?
  }

  package static func table(_ sideBySide: SideBySide) -> Table {
    let rows = sideBySide.rows.compactMap { row in
      row.health.map { health in
        Row(
          name: row.name, health: health,
          paraphrase: sideBySide.paraphrases.first { $0.row == row.name })
      }
    }
    let hasParaphrases = rows.contains { $0.paraphrase != nil }
    return Table(
      name: "router_health", title: "Choice of layers in '\(sideBySide.suite)'",
      notes: notes(sideBySide),
      columns: names(sideBySide) + usage + likeness + (hasParaphrases ? paraphrase : []), of: rows)
  }

  private static func names(_ sideBySide: SideBySide) -> [ColumnSource<Row>] {
    let names: [ColumnSource<Row>] = [
      ColumnSource(.init("policy", isGroup: true)) { .text($0.name.policy) },
      ColumnSource(.init("method")) { .text($0.name.method) },
    ]
    let wording = [ColumnSource<Row>(.init("wording")) { .text($0.name.wording.rawValue) }]
    return names + (sideBySide.hasWordings ? wording : []) + [
      ColumnSource(.init("queries")) { .init($0.health.queries) },
      ColumnSource(.init("layers", audience: [.document, .data])) { .init($0.health.layerCount) },
    ]
  }

  private static var usage: [ColumnSource<Row>] {
    let two = NumberFormat(decimals: 3)
    return [
      ColumnSource(.init("usage_entropy", "usage\nentropy", format: two)) {
        .init($0.health.entropy)
      },
      ColumnSource(.init("usage_entropy_within_tasks", "… in a\ntask", format: two)) {
        .init($0.health.entropyWithinTasks)
      },
      ColumnSource(.init("decision_entropy_bits", "decision\nbits", format: two)) {
        .init($0.health.decisionBits)
      },
      ColumnSource(.init("never_used", "never\nused")) { .init($0.health.neverUsed.count) },
      ColumnSource(.init("always_used", "always\nused")) { .init($0.health.alwaysUsed.count) },
      ColumnSource(.init("never_used_layers", audience: .data)) { list($0.health.neverUsed) },
      ColumnSource(.init("always_used_layers", audience: .data)) { list($0.health.alwaysUsed) },
      ColumnSource(.init("distinct_masks", "masks")) { .init($0.health.distinctMasks) },
    ]
  }

  private static func list(_ layers: [Int]) -> Table.Cell {
    layers.isEmpty ? .empty : .text(layers.map(String.init).joined(separator: " "))
  }

  private static var likeness: [ColumnSource<Row>] {
    let percent = NumberFormat.percent()
    return [
      ColumnSource(.init("agreement_same_task", "alike in\na task\n%", format: percent)) {
        .init($0.health.sameTask?.agreement)
      },
      ColumnSource(.init("agreement_other_task", "across\ntasks\n%", format: percent)) {
        .init($0.health.differentTasks?.agreement)
      },
      ColumnSource(
        .init("jaccard_same_task", "overlap\nin a task\n%", format: percent, audience: .roomy)
      ) { .init($0.health.sameTask?.overlap) },
      ColumnSource(
        .init("jaccard_other_task", "across\ntasks\n%", format: percent, audience: .roomy)
      ) { .init($0.health.differentTasks?.overlap) },
    ]
  }

  private static var paraphrase: [ColumnSource<Row>] {
    [
      ColumnSource(
        .init("agreement_other_words", "other\nwords\n%", format: .percent())
      ) { .init($0.paraphrase?.meanAgreement) }
    ]
  }

  private static func notes(_ sideBySide: SideBySide) -> [String] {
    [
      "usage entropy: of how often the layers run, over all queries, normalised: 1 where all run"
        + " equally often; in a task: the same within a task, mean over tasks. What it lacks there is a"
        + " division of labour among tasks.",
      "decision bits: mean over layers of the entropy of \"does it run?\": 0 where every query gets the"
        + " same layers. never, always used: layers that no, or every, query ran. masks: different sets"
        + " of layers.",
      "alike: the share of layers on which two queries decide alike, over all pairs of queries of one"
        + " task, and of different tasks. overlap: Jaccard's index of the layers run, left out where"
        + " there are too many masks. A layer that sees only some tokens counts as run.",
      "A policy of several seeds has a router each and so no row of its own. The method 'random' shows"
        + " what chance gives; fixed choices have 0 bits and 100 %.",
    ] + SideBySideTable.partialNote(sideBySide)
  }
}
