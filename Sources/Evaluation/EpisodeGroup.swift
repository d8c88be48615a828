/// Episodes of one task that a method takes before the next method comes.
struct EpisodeGroup {
  private let task: any EvaluatedTask
  private let entries: ArraySlice<EpisodeSchedule.Entry>
  private var opened: [Int: any OpenEpisode] = [:]

  /// The group that begins with a line of the schedule, which may be in the middle of an episode.
  ///
  /// - Parameter size: The most episodes.
  init(from line: Int, of entries: [EpisodeSchedule.Entry], task: any EvaluatedTask, size: Int) {
    let source = entries[line].source
    var episodes = 0
    var end = line
    while end < entries.count, entries[end].source == source {
      let isNew = end == line || entries[end].episode != entries[end - 1].episode
      if isNew { episodes += 1 }
      guard episodes <= size else { break }
      end += 1
    }
    self.task = task
    self.entries = entries[line..<end]
  }

  /// The positions of its lines in the schedule.
  var lines: Range<Int> { entries.indices }

  func lines(of method: Int) -> [Int] { lines.filter { entries[$0].method == method } }

  /// The episode of a line, which is loaded once.
  mutating func episode(of line: Int) throws -> any OpenEpisode {
    let index = entries[line].episode
    if let episode = opened[index] { return episode }
    let episode = try task.open(index)
    opened[index] = episode
    return episode
  }
}
