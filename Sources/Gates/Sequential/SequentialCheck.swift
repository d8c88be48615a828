internal import Statistics

/// Where a sequential gate would have stopped, had the pairs of two finished runs come one by one.
struct SequentialCheck {
  let settings: GateSettings

  /// A finding over all tasks for each pair of methods.
  func findings(_ comparison: RunComparison) -> [Finding] {
    comparison.methods.map { method in
      let tasks = method.pairing.tasks.filter { !$0.pairs.isEmpty }
      return finding(
        method.methods, tasks, alpha: settings.alpha / Double(comparison.methods.count))
    }
  }

  /// The pairs in rounds, of each task one, so that no task decides alone.
  static func rounds(_ tasks: [TaskPairs]) -> [EpisodePair] {
    let most = tasks.map(\.pairs.count).max() ?? 0
    return (0..<most).flatMap { round in
      tasks.compactMap { $0.pairs.indices.contains(round) ? $0.pairs[round] : nil }
    }
  }

  /// - Parameter alpha: The level, of which each of several methods has its share.
  private func finding(_ methods: MethodPair, _ tasks: [TaskPairs], alpha: Double) -> Finding {
    let pairs = SequentialCheck.rounds(tasks)
    let success = SuccessCheck(settings: settings)
    var gate = SequentialGate(margin: settings.success.margin, alpha: alpha)
    for pair in pairs {
      let said = gate.observe(
        base: success.isSolved(pair.base), candidate: success.isSolved(pair.candidate))
      if said != nil { break }
    }
    var finding = Finding(
      Check(settings.success.measure), methods, task: tasks.count == 1 ? tasks[0].name : nil,
      pairs: pairs.count, margin: settings.success.margin)
    let table = gate.table
    guard let interval = BettingTest.interval(table, confidence: 1 - settings.alpha) else {
      return finding.unjudged(because: "there are no pairs")
    }
    (finding.base, finding.candidate) = (table.firstRate, table.secondRate)
    finding.effect = Effect(
      value: interval.estimate, lower: interval.lower, upper: interval.upper)
    finding.counts = SolvedCounts(table)
    finding.isSequential = true
    finding.verdict = gate.verdict ?? .cannotTell
    finding.stoppedAfter = gate.verdict == nil ? nil : table.count
    if gate.verdict == nil {
      finding.pairsToDecide = PairsToDecide(level: alpha / 2).more(
        than: table, margin: settings.success.margin)
    }
    return finding
  }
}

extension SolvedCounts {
  init(_ table: Statistics.PairedTable) {
    self.init(
      both: table.both, onlyBase: table.onlyFirst, onlyCandidate: table.onlySecond,
      neither: table.neither)
  }
}
