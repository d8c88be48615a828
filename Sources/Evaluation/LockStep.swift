import Manipulation
import Outcomes

/// Takes one method through episodes, several of which are open at once: each turn asks the policy
/// about all of them in one call, as many questions as the plan's batch, and lets their worlds go on
/// together.
///
/// What comes of an episode depends on its own questions and answers alone, whoever is open beside it.
struct LockStep {
  private let method: EvaluatedMethod
  private let batch: Int
  /// Lines that are not begun, in order.
  private var waiting: ArraySlice<Int>
  /// In the order in which they were begun; never more than `batch`.
  private var open: [OpenAttempt] = []

  /// An attempt that goes on.
  private struct OpenAttempt {
    let line: Int
    let place: Int
    let episode: EpisodeIdentity
    let attempt: any EpisodeAttempt
    /// Those that were not asked yet; `nil` until the world has shown what comes next.
    var questions: ArraySlice<PolicyQuery>?
  }

  /// - Parameters:
  ///   - lines: Those of this method, in order.
  ///   - batch: Questions to ask at once, and the most episodes that are open at a time.
  init(_ method: EvaluatedMethod, lines: [Int], batch: Int) {
    (self.method, self.batch) = (method, batch)
    waiting = lines[...]
  }

  /// Opens episodes until there are questions enough, and waits for what the worlds show.
  ///
  /// An episode that has ended makes room for the next one.
  ///
  /// - Returns: Whether there is a question to ask.
  mutating func fill(
    _ lines: inout PendingLines, opening episode: (Int) throws -> any OpenEpisode
  ) -> Bool {
    open.removeAll { [lines] in !lines.isWanted($0.line) }
    repeat {
      while dueCount < batch, let line = waiting.first, lines.isWanted(line) {
        waiting.removeFirst()
        begin(line, &lines, opening: episode)
      }
      collect(&lines)
    } while dueCount < batch && waiting.first.map(lines.isWanted) == true
    return !open.isEmpty
  }

  /// Asks once and hands the answers out.
  mutating func ask(_ lines: inout PendingLines) {
    let counts = askedCounts
    let questions = zip(open, counts).flatMap { one, count in
      (one.questions ?? []).prefix(count).map { (query: $0, episode: one.episode) }
    }
    var answers = method.answers(to: questions)[...]
    for (index, count) in counts.enumerated() where count > 0 {
      let mine = answers.prefix(count)
      answers.removeFirst(count)
      do {
        open[index].attempt.take(try mine.map { try $0.get() })
        open[index].questions?.removeFirst(count)
        if open[index].questions?.isEmpty == true { open[index].questions = nil }
      } catch {
        lines.finish(open[index].line, .failure(error))
      }
      if !lines.isWanted(open[index].line) { break }
    }
  }

  /// Questions that can be asked; of those who have yet to show what comes next, one each.
  private var dueCount: Int { open.reduce(0) { $0 + ($1.questions?.count ?? 1) } }

  /// How many questions of each attempt are asked in this turn.
  private var askedCounts: [Int] {
    var left = batch
    return open.map { one in
      let count = min(left, one.questions?.count ?? 0)
      left -= count
      return count
    }
  }

  private mutating func begin(
    _ line: Int, _ lines: inout PendingLines, opening episode: (Int) throws -> any OpenEpisode
  ) {
    lines.begin(line)
    let taken = Set(open.map(\.place))
    guard let place = (0..<batch).first(where: { !taken.contains($0) }) else {
      preconditionFailure("\(open.count) episodes are open in \(batch) places")
    }
    do {
      let episode = try episode(line)
      open.append(
        OpenAttempt(
          line: line, place: place, episode: episode.identity,
          attempt: try episode.begin(method, at: place)))
    } catch {
      lines.finish(line, .failure(error))
    }
  }

  /// Waits for the worlds, and takes leave of the episodes that are over.
  private mutating func collect(_ lines: inout PendingLines) {
    for index in open.indices
    where open[index].questions == nil && lines.isWanted(open[index].line) {
      let attempt = open[index].attempt
      let (line, result) = (open[index].line, Result { try attempt.questions() })
      switch result {
      case .success(let questions) where questions.isEmpty:
        lines.finish(line, Result { try attempt.finish() })
      case .success(let questions): open[index].questions = questions[...]
      case .failure(let error): lines.finish(line, .failure(error))
      }
    }
    open.removeAll { [lines] in $0.questions == nil || !lines.isWanted($0.line) }
  }
}
