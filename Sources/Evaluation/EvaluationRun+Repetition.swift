import Manipulation
package import Outcomes

/// A line of a journal, to be taken again.
package struct RecordedLine: Sendable {
  /// From 1.
  package let number: Int
  package let outcome: EpisodeOutcome

  package init(number: Int, outcome: EpisodeOutcome) {
    (self.number, self.outcome) = (number, outcome)
  }
}

/// A line that was taken again.
package struct RepeatedLine: Sendable {
  package let recorded: RecordedLine
  /// Where the repetition left what is recorded; `nil` where it never did.
  package let difference: EpisodeDifference?
}

extension EvaluationRun {
  /// Takes recorded episodes again, each by itself and one question at a time.
  ///
  /// - Parameters:
  ///   - lines: Lines of the journal of this very run, in its order.
  ///   - path: The journal, for messages.
  ///   - shouldStop: Asked before each line.
  ///   - report: Told of each line.
  /// - Throws: `damagedJournal` when a line is not the one that belongs there; what a task or a
  ///   policy throws.
  package func `repeat`(
    _ lines: [RecordedLine], ofJournal path: String, shouldStop: () -> Bool = { false },
    report: (RepeatedLine) -> Void
  ) throws {
    var last: (any EvaluatedTask)?
    defer { try? last?.close() }
    for line in lines where !shouldStop() {
      let index = line.number - 1
      guard schedule.entries.indices.contains(index) else {
        throw EvaluationError.damagedJournal(
          path: path, line: line.number, problem: "the plan has only \(lineCount) episodes")
      }
      try check(JournaledEpisode(line.outcome), atLine: index, path: path)
      let task = tasks[schedule.entries[index].source]
      if let last, last !== task { try last.close() }
      last = task
      let again = try outcome(of: schedule.entries[index], in: task)
      report(
        RepeatedLine(
          recorded: line, difference: EpisodeDifference(between: line.outcome, and: again)))
    }
  }

  private func outcome(
    of entry: EpisodeSchedule.Entry, in task: any EvaluatedTask
  ) throws -> EpisodeOutcome {
    let method = methods[entry.method]
    let episode = try task.open(entry.episode)
    let attempt = try episode.begin(method, at: 0)
    while let question = try attempt.questions().first {
      let answers = method.answers(to: [(query: question, episode: episode.identity)])
      attempt.take(try answers.map { try $0.get() })
    }
    // Through text and back, as what it is compared with.
    let line = try OutcomeCoding.line(try attempt.finish().outcome)
    return try OutcomeCoding.outcome(line: line)
  }
}
