internal import Outcomes

/// How well policies do against the compute of their language model: one point a method, and lines
/// through the methods that differ in their amount alone.
enum RateComputeFigure {
  /// Key-frame match in replay, success in a rollout.
  static func figure(_ summary: RunSummary) -> Figure {
    let measure = RateMeasure.of(summary.mode)
    let remark =
      summary.methods.count > 1 ? " Marks that would cover each other stand side by side." : ""
    let text =
      "All \(measure.unit) of '\(summary.suite)'; bars: 95 % Wilson intervals over \(measure.unit)."
      + " \(measure.caveat) Executed MACs of router and language layers, mean per query;"
      + " 1 MAC = 2 FLOPs." + remark
    let marks = summary.methods.compactMap { method in
      RateMark(method, rate: measure.rate(method.pooled))
    }
    let layout = RateComputeLayout(marks: marks, measure: measure, text: text)
    return Figure(
      name: measure.figureName, drawing: layout.drawn(), title: measure.title, summary: text)
  }

  /// Success of all policies; of several seeds of one the mean, with small dots for the seeds.
  static func figure(_ sideBySide: SideBySide) -> Figure {
    let measure = RateMeasure.of(.rollout)
    let marks = sideBySide.figureRows.compactMap(RateMark.init)
    let intervals =
      sideBySide.hasSeeds
      ? "bars: 95 % intervals, Wilson's over episodes, or where small dots show training seeds, of a"
        + " bootstrap over seeds and episodes."
      : "bars: 95 % Wilson intervals over episodes."
    let text =
      "All episodes of '\(sideBySide.suite)'; \(intervals) \(measure.caveat) Executed MACs of router"
      + " and language layers, mean per query; 1 MAC = 2 FLOPs. Lines join the amounts of one policy"
      + " and method. Dashed steps: the frontier, what is reached with at most so much compute; beside"
      + " a name, in how many draws of the episodes its mark is on it. Marks that would cover each other"
      + " stand side by side."
    let layout = RateComputeLayout(
      marks: marks, measure: measure, text: text, plotSize: (700, 420))
    return Figure(
      name: "success_against_compute", drawing: layout.drawn(), title: measure.title,
      summary: text)
  }
}

/// What stands on the upright axis.
struct RateMeasure {
  var figureName: String
  var title: String
  var axis: String
  /// What it is a share of.
  var unit: String
  var caveat: String
  var rate: (GroupSummary) -> Proportion?

  static func of(_ mode: EvaluationMode) -> RateMeasure {
    switch mode {
    case .replay:
      RateMeasure(
        figureName: "match_vs_compute", title: "Key-frame match against language-model compute",
        axis: "key-frame match, % of queries", unit: "queries",
        caveat: "An offline number, not success.", rate: \.keyframeMatch)
    case .rollout:
      RateMeasure(
        figureName: "success_vs_compute",
        title: "Closed-loop success against language-model compute",
        axis: "success at some time, % of episodes", unit: "episodes",
        caveat: "Success in these simulated worlds.", rate: { $0.closedLoop?.successOnce })
    }
  }
}
