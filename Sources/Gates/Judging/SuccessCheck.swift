internal import Manipulation
internal import Statistics

/// Whether the candidate solves fewer episodes.
///
/// The test is McNemar's with mid-p-values, the interval and the margin's test are Tango's. The
/// tasks of all methods are a family under Holm's method, and so are the methods' tests over all
/// tasks. Each family is tested two-sidedly at alpha, so that it raises a false alarm, one of two
/// directions, in alpha / 2 of all cases, and both together in alpha.
struct SuccessCheck {
  let settings: GateSettings

  private struct Question {
    var methods: MethodPair
    var task: String?
    var overall = true
    var table: Statistics.PairedTable
    var margin: Double
  }

  func findings(_ comparison: RunComparison) -> [Finding] {
    var (overall, single): ([Question], [Question]) = ([], [])
    for method in comparison.methods {
      let tasks = method.pairing.tasks.filter { !$0.pairs.isEmpty }
      let tables = tasks.map(table)
      let none = Statistics.PairedTable(both: 0, onlyFirst: 0, onlySecond: 0, neither: 0)
      let isOne = tasks.count == 1
      overall.append(
        Question(
          methods: method.methods, task: isOne ? tasks[0].name : nil, table: tables.reduce(none, +),
          margin: settings.success.margin))
      if isOne { continue }
      single += zip(tasks, tables).map {
        Question(
          methods: method.methods, task: $0.name, overall: false, table: $1,
          margin: settings.success.taskMargin)
      }
    }
    return judged(overall) + judged(single)
  }

  func table(_ task: TaskPairs) -> Statistics.PairedTable {
    Statistics.PairedTable(
      task.pairs.map { (first: isSolved($0.base), second: isSolved($0.candidate)) })
  }

  func isSolved(_ record: EpisodeRecord) -> Bool {
    switch settings.success.measure {
    case .atEnd: record.solvedAtEnd == true
    case .once: record.solvedOnce == true
    }
  }

  /// The questions of one family.
  private func judged(_ questions: [Question]) -> [Finding] {
    let values = questions.map {
      McNemarTest.midP(onlyFirst: $0.table.onlyFirst, onlySecond: $0.table.onlySecond)
    }
    let adjusted = Multiplicity.holm(values)
    let within = Multiplicity.holm(
      questions.map { $0.table.nonInferiorityP(margin: $0.margin) })
    return questions.indices.map { index in
      finding(
        questions[index], p: values[index], adjusted: adjusted[index], withinP: within[index],
        family: questions.count)
    }
  }

  private func finding(
    _ question: Question, p: Double, adjusted: Double, withinP: Double, family: Int
  ) -> Finding {
    let table = question.table
    var finding = Finding(
      Check(settings.success.measure), question.methods, task: question.task,
      overall: question.overall, pairs: table.count, margin: question.margin)
    guard let interval = table.tangoInterval(confidence: 1 - settings.alpha) else {
      return finding.unjudged(because: "there are no pairs")
    }
    finding.base = table.firstRate
    finding.candidate = table.secondRate
    finding.effect = Effect(
      value: interval.estimate, lower: interval.lower, upper: interval.upper)
    finding.counts = SolvedCounts(table)
    (finding.pValue, finding.adjustedP) = (p, adjusted)
    finding.verdict = .ofGain(
      interval.estimate, differs: adjusted <= settings.alpha,
      isWithinMargin: withinP <= settings.alpha / 2)
    if finding.verdict == .cannotTell {
      finding.pairsToDecide = PairsToDecide(level: settings.alpha / 2 / Double(family))
        .more(than: table, margin: question.margin)
    }
    return finding
  }
}
