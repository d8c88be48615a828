import Manipulation
import Outcomes

/// One process's way through the schedule: methods in turn, groups of episodes, and who has been
/// asked yet.
struct EpisodePass {
  private let plan: EvaluationPlan
  private let methods: [EvaluatedMethod]
  private var warmMethods: Set<Int> = []

  init(plan: EvaluationPlan, methods: [EvaluatedMethod]) {
    (self.plan, self.methods) = (plan, methods)
  }

  /// Evaluates lines of one task, and takes leave of it.
  ///
  /// - Parameters:
  ///   - lines: Positions in `entries`, all of `task`.
  ///   - write: Told of each line in order.
  /// - Returns: The first line that is not written; short of the last where it was asked to stop.
  /// - Throws: What a task, a policy or `write` throws, after all lines before it are written.
  mutating func take(
    _ lines: Range<Int>, of entries: [EpisodeSchedule.Entry], task: any EvaluatedTask,
    shouldStop: () -> Bool, write: (FinishedEpisode, Int) throws -> Void
  ) throws -> Int {
    var next = lines.lowerBound
    do {
      while next < lines.upperBound, !shouldStop() {
        var group = EpisodeGroup(
          from: next, of: entries, task: task, size: task.groupSize(batch: plan.batch))
        next = try take(&group, shouldStop: shouldStop, write: write)
        if next < group.lines.upperBound { break }
      }
    } catch {
      // What was kept of whole episodes stays; the first error is the one to tell of.
      try? task.close()
      throw error
    }
    try task.close()
    return next
  }

  private mutating func take(
    _ group: inout EpisodeGroup, shouldStop: () -> Bool,
    write: (FinishedEpisode, Int) throws -> Void
  ) throws -> Int {
    var pending = PendingLines(group.lines)
    func writeWhatIsDue() throws {
      while let finished = pending.takeNext() { try write(finished, pending.next - 1) }
    }
    for (index, method) in methods.enumerated() {
      let lines = group.lines(of: index)
      guard let first = lines.first, pending.isWanted(first) else { continue }
      warmUp(index, at: first, &group, &pending)
      var steps = LockStep(method, lines: lines, batch: plan.batch)
      while true {
        if shouldStop() { pending.stop() }
        let isAsking = steps.fill(&pending) { try group.episode(of: $0) }
        try writeWhatIsDue()
        guard isAsking else { break }
        steps.ask(&pending)
      }
    }
    if pending.next == pending.end, let failure = pending.failure { throw failure }
    return pending.next
  }

  /// Asks a few times, where the method is seen for the first time, what is answered and measured
  /// for nobody: the first turn pays for memory and threads that the later ones find ready.
  private mutating func warmUp(
    _ index: Int, at line: Int, _ group: inout EpisodeGroup, _ pending: inout PendingLines
  ) {
    guard warmMethods.insert(index).inserted, plan.warmup > 0 else { return }
    let method = methods[index]
    do {
      let attempt = try group.episode(of: line).begin(method, at: 0)
      let questions = try attempt.questions()
      guard !questions.isEmpty else { return }
      for turn in 0..<plan.warmup {
        let batch = (0..<plan.batch).map { questions[(turn * plan.batch + $0) % questions.count] }
        for answer in method.policy.predict(batch) { _ = try answer.get() }
      }
    } catch {
      pending.finish(line, .failure(error))
    }
  }
}
