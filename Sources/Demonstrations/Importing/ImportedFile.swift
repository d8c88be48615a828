package import Foundation

/// What an import wrote.
package struct ImportedFile: Sendable {
  package var url: URL
  package var task: String
  package var episodeCount = 0
  package var frameCount = 0
  /// Frames at which a policy is asked.
  package var keyframeCount = 0
  package var validCount = 0
  /// Episodes without an instruction, which no policy can follow.
  package var emptyInstructionCount = 0
}

/// Writes imported demonstrations and keeps count of them.
struct ImportSink {
  private let writer: DemonstrationWriter
  private(set) var summary: ImportedFile

  /// - Parameter replacing: Whether a file that is there may be replaced.
  init(_ url: URL, task: String, replacing: Bool) throws {
    guard replacing || !ImportFile.exists(url) else { throw ImportError.outputExists(url.path) }
    writer = try DemonstrationWriter(creating: url, task: task)
    summary = ImportedFile(url: url, task: task)
  }

  /// - Returns: The episode's name in the file.
  mutating func append(_ demonstration: RecordedDemonstration) throws -> String {
    summary.episodeCount += 1
    summary.frameCount += demonstration.frames.count
    summary.keyframeCount += demonstration.frames.count(where: \.isKeyframe)
    if demonstration.instruction.allSatisfy(\.isWhitespace) { summary.emptyInstructionCount += 1 }
    return try writer.append(demonstration)
  }

  mutating func finish(_ split: TrainingSplit) throws -> ImportedFile {
    summary.validCount = split.valid.count
    try writer.finish(train: split.train, valid: split.valid)
    return summary
  }
}

extension RLBenchImporter {
  /// Imports the episodes of a task into one file.
  ///
  /// - Parameters:
  ///   - validShare: The share of episodes to hold back for validation, in 0..<1.
  ///   - replacing: Whether a file that is there may be replaced.
  ///   - progress: Told the number of episodes done after each.
  /// - Throws: `ImportError`, `ImageError`, or a writing error; nothing is left at `url` then.
  package func importTask(
    _ task: RLBenchTaskFolder, to url: URL, validShare: Double, replacing: Bool,
    progress: (Int) -> Void
  ) throws -> ImportedFile {
    var sink = try ImportSink(url, task: task.name, replacing: replacing)
    var names: [String] = []
    for episode in task.episodes {
      names.append(try sink.append(read(episode, task: task.name)))
      progress(names.count)
    }
    return try sink.finish(
      TrainingSplit(of: names, validShare: validShare, seed: seed, task: task.name))
  }
}
