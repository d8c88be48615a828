internal import Foundation
internal import Outcomes

/// A report as one HTML document that needs no network, no other file and, but for sorting, filtering
/// and the viewer, no script.
package struct ReportPage {
  /// A run that the page is about.
  struct Run {
    var name: String
    var manifest: RunManifest
    var summary: RunSummary
  }

  let runs: [Run]
  let sideBySide: SideBySide?
  let offline: OfflineClosedLoop?
  let published: PublishedComparison?
  let viewer: ViewerData

  /// The document.
  package func html() throws -> String {
    let sections = try self.sections()
    return PageFrame(title: title, subtitle: subtitle, sections: sections, tasks: tasks).html
  }

  private var suites: [String] { runs.map(\.summary.suite).inOrder }
  var tasks: [String] { runs.flatMap { $0.manifest.tasks.map(\.name.visible) }.inOrder }
  var taskSet: Set<String> { Set(tasks) }
  private var title: String { "Evaluation on \(suites.joined(separator: ", "))" }

  private var subtitle: String {
    let episodes = runs.flatMap(\.summary.methods).reduce(0) { $0 + $1.pooled.episodes }
    let dates = runs.compactMap { $0.manifest.finishedAt?.prefix(10) }.map(String.init)
    let date = dates.max().map { ", finished \($0)" } ?? ""
    let names = runs.map(\.name).joined(separator: ", ")
    return "\(tasks.count) tasks, \(episodes) episodes of all methods, runs: \(names)\(date)"
  }

  private func sections() throws -> [PageSection] {
    let all: [PageSection?] = [
      answer, tasksSection, figures, layers, comparisons, endings, try episodes,
      publishedSection, provenance, notes,
    ]
    return all.compactMap(\.self)
  }

  /// A rate of each mode is a table of its own: they are never one column.
  private var answers: [AnswerTable] {
    var rollouts = sideBySide.map(AnswerRow.rows(of:)) ?? []
    var replays: [AnswerRow] = []
    for run in runs {
      let rows = AnswerRow.rows(of: run.summary, policy: run.manifest.plan.policyLabel)
      if run.summary.mode == .replay { replays += rows }
      if run.summary.mode == .rollout, sideBySide == nil { rollouts += rows }
    }
    return [
      rollouts.isEmpty ? nil : AnswerTable(rollouts, mode: .rollout),
      replays.isEmpty ? nil : AnswerTable(replays, mode: .replay),
    ].compactMap(\.self)
  }

  private var answer: PageSection {
    let sentences = answers.flatMap { answer in
      [AnswerSentences.best(answer.rows, mode: answer.mode)].compactMap(\.self)
        + (answer.mode == .rollout ? compared(answer.rows) : [])
    }
    let warning =
      runs.contains { $0.summary.isPartial }
      ? [
        Markup(
          "p", ["class": "warning"],
          "Partial: some runs lack episodes that their plans ask for.")
      ] : []
    let caption =
      "1 MAC = 2 FLOPs. Language MAC: executed by router and language layers, mean per query, the"
      + " paper's “FLOPs (G)”. ÷ dense: dense MACs over these. p50: measured time of a whole query."
      + " Success is success in these simulated worlds, which are RLBench-style and not RLBench."
    return PageSection(
      id: "answer", title: "The answer",
      content: warning + [.list(sentences.map { Markup($0) }, class: "lead")]
        + answers.map(\.table.markup) + [Markup("p", ["class": "notes"], caption)])
  }

  private func compared(_ rows: [AnswerRow]) -> [String] {
    sideBySide.map { AnswerSentences.comparisons($0, rows: rows) } ?? []
  }

  private var tasksSection: PageSection {
    let all = runs.enumerated().map { place, run in
      folded(MainTable.table(run.summary), id: "main-\(place)", of: run)
    }
    return PageSection(
      id: "tasks", title: "By task",
      content: answers.map { TaskMatrix.table($0.rows, mode: $0.mode).markup } + all)
  }

  /// A table that is long and not read first.
  func folded(_ table: Table, id: String, of run: Run? = nil) -> Markup {
    let name = runs.count > 1 ? run.map { ", run \($0.name)" } ?? "" : ""
    return Markup(
      "details",
      [
        Markup("summary", table.title + name),
        PageTable(table, id: id, tasks: taskSet).markup,
      ])
  }

  private var comparisons: PageSection? {
    guard let sideBySide, !sideBySide.comparisons.isEmpty else { return nil }
    return PageSection(
      id: "pairs", title: "Paired comparisons",
      content: [
        PageTable(PairedTable.table(sideBySide), id: "paired", tasks: taskSet).markup
      ])
  }

  private var endings: PageSection? {
    let tables = runs.enumerated().compactMap { place, run in
      EndingTable.table(run.summary).map { table in
        Markup("h3", run.name)
          + PageTable(table, id: "endings-\(place)", tasks: taskSet).markup
      }
    }
    return tables.isEmpty
      ? nil : PageSection(id: "endings", title: "How episodes ended", content: tables)
  }

  private var episodes: PageSection? {
    get throws {
      guard !viewer.episodes.isEmpty else { return nil }
      return PageSection(
        id: "viewer-section", title: "Episodes, step by step",
        content: [try ViewerSection(data: viewer, tasks: taskSet).markup()])
    }
  }

  private var publishedSection: PageSection? {
    published.map {
      PageSection(
        id: "published", title: "Published, RLBench",
        content: [PageTable($0.table(beside: answers), id: "published-table", tasks: []).markup])
    }
  }

  private var provenance: PageSection {
    PageSection(
      id: "provenance", title: "How it was run",
      content: runs.map { ProvenanceSection(name: $0.name, manifest: $0.manifest).markup })
  }

  private var notes: PageSection {
    let conventions = runs.flatMap(\.summary.conventions).inOrder
    return PageSection(
      id: "notes", title: "What the numbers mean",
      content: [
        .list(conventions.map { Markup($0) }, class: "notes"),
        Markup(
          "p", ["class": "notes"],
          "The worlds are RLBench-style: their tasks, geometry and success conditions are made after"
            + " RLBench's and are not them, so rates are not RLBench's. Intervals have"
            + " \(Int((100 * RunSummary.confidence).rounded())) % confidence."),
      ])
  }
}
