package import Foundation

extension RLDSImporter {
  /// How a data set becomes files.
  package enum Division: Sendable {
    /// One file for everything, under this task's name; `nil` takes the data set's.
    case whole(task: String?)
    /// A folder with one file an instruction: sets such as MoLe-VLA's tell their tasks by it alone.
    case byInstruction
  }

  /// The most files of one set; more instructions than that are no tasks.
  package static let taskLimit = 100

  /// Imports the data set into one file, or a file a task.
  ///
  /// The set's own validation split is kept; only where it has none is a share drawn.
  ///
  /// - Parameters:
  ///   - url: The file, or the folder when the set is divided.
  ///   - validShare: The share of episodes to hold back for validation, in 0..<1.
  ///   - seed: Seeds the draw.
  ///   - replacing: Whether a file that is there may be replaced.
  ///   - progress: Told the number of episodes done after each.
  /// - Returns: The files, in the order in which their first episodes stand in the set.
  /// - Throws: `ImportError`, `ImageError`, or a writing error; no unfinished file is left then.
  package func importAll(
    to url: URL, division: Division, validShare: Double, seed: UInt64, replacing: Bool,
    progress: (Int) -> Void
  ) throws -> [ImportedFile] {
    var sinks: [TaskSink] = []
    var done = 0
    try forEachEpisode { episode, split in
      let (task, target) = try destination(of: episode, in: url, division)
      let index =
        try sinks.firstIndex { $0.task == task }
        ?? {
          guard sinks.count < RLDSImporter.taskLimit else {
            throw ImportError.tooManyTasks(name, limit: RLDSImporter.taskLimit)
          }
          sinks.append(try TaskSink(target, task: task, replacing: replacing))
          return sinks.count - 1
        }()
      try sinks[index].append(episode, split: split)
      done += 1
      progress(done)
    }
    return try sinks.indices.map {
      try sinks[$0].finish(validShare: validShare, seed: seed)
    }
  }

  private func destination(
    of episode: RecordedDemonstration, in url: URL, _ division: Division
  ) throws -> (task: String, file: URL) {
    switch division {
    case .whole(let task): return (task ?? name, url)
    case .byInstruction:
      let task = TaskSink.name(forInstruction: episode.instruction)
      return (task, url.appendingPathComponent("\(task).hdf5"))
    }
  }
}

/// One task's file while its episodes arrive.
struct TaskSink {
  /// Splits by these names are for validation.
  private static let validationNames: Set<String> = ["val", "valid", "validation", "test"]

  let task: String
  private var sink: ImportSink
  private var train: [String] = []
  private var valid: [String] = []

  init(_ url: URL, task: String, replacing: Bool) throws {
    self.task = task
    sink = try ImportSink(url, task: task, replacing: replacing)
  }

  mutating func append(_ episode: RecordedDemonstration, split: String) throws {
    let name = try sink.append(episode)
    if TaskSink.validationNames.contains(split) { valid.append(name) } else { train.append(name) }
  }

  mutating func finish(validShare: Double, seed: UInt64) throws -> ImportedFile {
    let split =
      valid.isEmpty
      ? TrainingSplit(of: train, validShare: validShare, seed: seed, task: task)
      : TrainingSplit(train: train, valid: valid)
    return try sink.finish(split)
  }

  /// "Put the cup on the plate." → `put_the_cup_on_the_plate`, at most 80 characters.
  static func name(forInstruction instruction: String) -> String {
    let words = instruction.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return words.isEmpty ? "no_instruction" : String(words.joined(separator: "_").prefix(80))
  }
}
