import Foundation
import Manipulation
import Outcomes

/// The shards of one run, checked and ready to become the run that had no shards.
package struct ShardMerge {
  private let shards: [LoadedShard]

  /// Loads and checks shards, given in any order.
  ///
  /// - Throws: `EvaluationError` unless the directories are complete shards of one run: the same
  ///   plan but for the shard, the same inputs and methods, each shard once.
  package init(directories: [String]) throws {
    let loaded = try directories.map { try LoadedShard(directory: $0) }
    shards = loaded.sorted { $0.shard.number < $1.shard.number }
    guard let first = shards.first else { return }
    for other in shards.dropFirst() { try other.checkBelongs(to: first) }
    try checkNumbers(count: first.shard.count)
    var seen: Set<JournaledEpisode> = []
    for shard in shards {
      for outcome in try shard.checkedOutcomes() where !seen.insert(outcome).inserted {
        throw EvaluationError.cannotMerge(
          directory: shard.directory,
          problem: "'\(outcome.method)' on '\(outcome.episode.name)' of"
            + " '\(outcome.episode.task)' is there twice")
      }
    }
  }

  /// Writes the run directory that the run without shards would have written.
  ///
  /// Merging the same shards again into the same directory changes nothing.
  ///
  /// - Throws: `directoryHoldsRun` when another run is there; `cannotWrite`, with nothing left.
  package func write(to path: String, command: [String]) throws {
    let journal = journal
    let (journalPath, manifestPath) = (
      "\(path)/\(RunFile.journal)", "\(path)/\(RunFile.manifest)"
    )
    if FileManager.default.contents(atPath: journalPath) == journal {
      if FileManager.default.fileExists(atPath: manifestPath) { return }
      // An earlier merge was killed between its two files.
      unlink(journalPath)
    }
    let directory = try HeldDirectory.claim(path)
    do {
      try WholeFile.write(journal, to: journalPath)
      try directory.start(manifest(command: command))
    } catch {
      unlink(journalPath)
      directory.abandon()
      throw error
    }
  }

  /// The lines in the order of the run without shards, byte for byte as the shards hold them.
  private var journal: Data {
    var merged = Data()
    guard let first = shards.first else { return merged }
    let whole = EpisodeSchedule(
      methodCount: first.manifest.methods.count,
      episodeCounts: first.manifest.tasks.map(\.episodes), shard: nil)
    var next = shards.map { _ in 0 }
    for position in whole.entries.indices {
      let episode = position / first.manifest.methods.count
      // Episodes are dealt to the shards in turn, and all of them are here in order.
      let owner = episode % shards.count
      merged.append(shards[owner].lines[next[owner]])
      merged.append(UInt8(ascii: "\n"))
      next[owner] += 1
    }
    return merged
  }

  private func manifest(command: [String]) -> RunManifest {
    var manifest = shards[0].manifest
    manifest.command = command
    manifest.plan.shard = nil
    manifest.startedAt = shards.map(\.manifest.startedAt).min() ?? manifest.startedAt
    manifest.finishedAt = shards.compactMap(\.manifest.finishedAt).max()
    manifest.mergedFrom = shards.map {
      MergedShard(shard: $0.shard, environment: $0.manifest.environment)
    }
    return manifest
  }

  private func checkNumbers(count: Int) throws {
    for (index, shard) in shards.enumerated() where index > 0 {
      guard shard.shard != shards[index - 1].shard else {
        throw EvaluationError.cannotMerge(
          directory: shard.directory,
          problem: "shard \(shard.shard) is also in '\(shards[index - 1].directory)'")
      }
    }
    let missing = (1...count).filter { number in !shards.contains { $0.shard.number == number } }
    guard missing.isEmpty else {
      let named = missing.prefix(20).map(String.init).joined(separator: ", ")
      throw EvaluationError.cannotMerge(
        directory: shards[0].directory,
        problem: "the shards \(named)\(missing.count > 20 ? ", …" : "") of \(count) are not among"
          + " the directories")
    }
  }
}

/// One shard's run directory, read.
private struct LoadedShard {
  let directory: String
  let manifest: RunManifest
  let shard: Shard
  let lines: [Data]

  init(directory: String) throws {
    self.directory = directory
    manifest = try HeldDirectory.manifest(at: directory)
    guard let shard = manifest.plan.shard else {
      throw EvaluationError.cannotMerge(
        directory: directory, problem: "it is a whole run, not a shard ('--shard i/n')")
    }
    guard manifest.status == .complete else {
      throw EvaluationError.cannotMerge(
        directory: directory, problem: "it is not complete; finish it by '--resume \(directory)'")
    }
    try manifest.checkInputsStayed(path: directory)
    self.shard = shard
    try LoadedShard.checkSizes(of: manifest, shard: shard, directory: directory)
    let journal = try WholeFile.read("\(directory)/\(RunFile.journal)")
    lines = OutcomeCoding.completeLines(ofJournal: journal)
  }

  func checkBelongs(to other: LoadedShard) throws {
    func fail(_ what: String) -> EvaluationError {
      .cannotMerge(directory: directory, problem: "\(what) than that of '\(other.directory)'")
    }
    var (mine, theirs) = (manifest.plan, other.manifest.plan)
    guard shard.count == other.shard.count else {
      throw fail("it is one of \(shard.count) shards, which is another division")
    }
    (mine.shard, theirs.shard) = (nil, nil)
    guard mine == theirs else { throw fail("its plan is another") }
    guard manifest.checkpointFiles == other.manifest.checkpointFiles else {
      throw fail("its checkpoint is another")
    }
    guard manifest.demonstrations == other.manifest.demonstrations else {
      throw fail("a demonstration file of it has another content")
    }
    guard manifest.taskFiles == other.manifest.taskFiles else {
      throw fail("a file of its tasks has another content")
    }
    guard manifest.methods == other.manifest.methods, manifest.tasks == other.manifest.tasks else {
      throw fail("its methods or tasks are others")
    }
  }

  /// The manifest may lie; what is laid out by it must fit into memory.
  private static func checkSizes(
    of manifest: RunManifest, shard: Shard, directory: String
  ) throws {
    let most = 1_000_000
    let episodes = manifest.tasks.map(\.episodes)
    guard shard.count <= most, manifest.methods.count <= 1000, episodes.count <= 1000,
      episodes.allSatisfy({ (0...most).contains($0) }), manifest.episodesPerMethod <= most
    else {
      throw EvaluationError.cannotMerge(
        directory: directory, problem: "its manifest tells of impossibly many episodes")
    }
  }

  /// What the lines tell of, each of which must be the one that the schedule puts there.
  func checkedOutcomes() throws -> [JournaledEpisode] {
    let path = "\(directory)/\(RunFile.journal)"
    let schedule = EpisodeSchedule(
      methodCount: manifest.methods.count, episodeCounts: manifest.tasks.map(\.episodes),
      shard: shard)
    let outcomes = try JournaledEpisode.list(lines, path: path)
    guard outcomes.count == schedule.entries.count else {
      throw EvaluationError.damagedJournal(
        path: path, line: outcomes.count,
        problem: "it ends there, but the shard has \(schedule.entries.count) episodes")
    }
    for (index, (entry, found)) in zip(schedule.entries, outcomes).enumerated() {
      guard found.method == manifest.methods[entry.method].name,
        found.episode.task == manifest.tasks[entry.source].name,
        found.seed == found.episode.seed(runSeed: manifest.plan.seed)
      else {
        throw EvaluationError.damagedJournal(
          path: path, line: index + 1, problem: "it is not the episode that belongs there")
      }
    }
    return outcomes
  }
}
