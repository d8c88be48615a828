internal import Manipulation
internal import Statistics

/// Whether the candidate's answers to recorded observations are further from the demonstrations.
///
/// The queries of an episode hang together, so what is drawn again, and whose signs are flipped,
/// are whole episodes. An error is of the queries that both sides answered with a valid action.
struct ReplayCheck {
  let settings: GateSettings

  private var check: Check { Check(settings.replay.measure) }
  private var isError: Bool { settings.replay.measure != .keyframeMatch }

  private struct Question {
    var methods: MethodPair
    var task: String?
    var overall = true
    var tasks: [TaskPairs]
    var margin: Double
  }

  func findings(_ comparison: RunComparison) -> [Finding] {
    var (overall, single): ([Question], [Question]) = ([], [])
    for method in comparison.methods {
      let tasks = method.pairing.tasks.filter { !$0.pairs.isEmpty }
      let isOne = tasks.count == 1
      overall.append(
        Question(
          methods: method.methods, task: isOne ? tasks[0].name : nil, tasks: tasks,
          margin: settings.replay.margin))
      if isOne { continue }
      single += tasks.map {
        Question(
          methods: method.methods, task: $0.name, overall: false, tasks: [$0],
          margin: settings.replay.taskMargin)
      }
    }
    return judged(overall) + judged(single)
  }

  /// The questions of one family.
  private func judged(_ questions: [Question]) -> [Finding] {
    let values = questions.map(pValue)
    let adjusted = Multiplicity.holm(values)
    return questions.indices.map { index in
      finding(
        questions[index], p: values[index], adjusted: adjusted[index], family: questions.count)
    }
  }

  private func finding(
    _ question: Question, p: Double, adjusted: Double, family: Int
  ) -> Finding {
    let bootstrap = EpisodeBootstrap(question.tasks, draws: settings.bootstrap, row: row)
    var finding = Finding(
      check, question.methods, task: question.task, overall: question.overall,
      pairs: bootstrap.count, margin: question.margin)
    func difference(_ sums: [Double]) -> Double? {
      sums[2] > 0 ? (sums[1] - sums[0]) / sums[2] : nil
    }
    finding.base = bootstrap.total { $0[0] / $0[2] }
    finding.candidate = bootstrap.total { $0[1] / $0[2] }
    finding.effect = bootstrap.estimate(confidence: 1 - settings.alpha, of: difference)
    guard let effect = finding.effect, let range = effect.range else {
      return finding.unjudged(because: "too few pairs have the number")
    }
    (finding.pValue, finding.adjustedP) = (p, adjusted)
    let strict = bootstrap.estimate(
      confidence: 1 - settings.alpha / Double(family), of: difference)?.range
    let worst = strict.map { isError ? -$0.upperBound : $0.lowerBound }
    let gain = isError ? -effect.value : effect.value
    finding.verdict = .ofGain(
      gain, differs: adjusted <= settings.alpha,
      isWithinMargin: worst.map { $0 > -question.margin } ?? false)
    if finding.verdict == .cannotTell {
      let level = settings.alpha / 2
      finding.pairsToDecide = PairsToDecide(level: level / Double(family)).more(
        than: finding.pairs, interval: range, level: level,
        distances: [abs(gain), gain + question.margin])
    }
    return finding
  }

  /// The sums of either side and the number of queries.
  private func row(_ pair: EpisodePair) -> [Double]? {
    let answers = zip(pair.base.offline, pair.candidate.offline)
    let values: [(Double, Double)] = answers.compactMap { base, candidate in
      guard let one = value(base), let other = value(candidate) else { return nil }
      return (one, other)
    }
    guard !values.isEmpty else { return nil }
    return [
      values.reduce(0) { $0 + $1.0 }, values.reduce(0) { $0 + $1.1 }, Double(values.count),
    ]
  }

  private func value(_ answer: EpisodeRecord.OfflineAnswer) -> Double? {
    switch settings.replay.measure {
    case .keyframeMatch: answer.matches ? 1 : 0
    case .positionError: answer.positionError
    case .rotationError: answer.rotationError
    }
  }

  /// Of the sum of the episodes' differences, whose signs chance would have drawn.
  private func pValue(_ question: Question) -> Double {
    let differences = question.tasks.flatMap(\.pairs).compactMap(row).map { $0[1] - $0[0] }
    var generator = SeededGenerator(
      seed: SeededGenerator.derive(
        settings.bootstrap.seed, ["flips", question.methods.name, question.task ?? ""]))
    return PermutationTest(
      groups: [differences], draws: settings.bootstrap.draws, using: &generator
    ).p
  }
}
