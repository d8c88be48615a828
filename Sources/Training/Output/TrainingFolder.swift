internal import Checkpoints
internal import Files
package import Foundation
private import Outcomes
package import TensorMath
package import VLAPolicy

/// The folder of one training.
///
/// Nothing in it is ever half there: files are replaced at once, and lines of the curves that are
/// later than the state are dropped when the training goes on.
package struct TrainingFolder {
  package let url: URL
  private let recipe: ResolvedRecipe
  private let layout: ParameterLayout
  private let description: PolicyDescription
  private var record: TrainingRecord
  private var losses: CurveFile
  private var validations: CurveFile
  private let begin = ContinuousClock.now
  private let lock: FolderLock

  /// Makes a folder for a new training, or takes one up.
  ///
  /// - Parameters:
  ///   - state: Given what was kept, where the training goes on.
  ///   - resumes: Whether there is a training that goes on.
  /// - Throws: `TrainingError`, `CheckpointError`.
  package init(
    _ url: URL, recipe: ResolvedRecipe, layout: ParameterLayout, description: PolicyDescription,
    record: TrainingRecord, state: inout TrainingState, resumes: Bool
  ) throws {
    self.url = url
    self.recipe = recipe
    self.layout = layout
    self.description = description
    if !resumes {
      try TrainingFolder.checkFree(url)
      try TrainingFolder.makeFolder(url)
    }
    lock = try FolderLock(url)
    self.record = resumes ? try TrainingFolder.stored(url, asking: record) : record
    let file = TrainingFolder.stateFile(url)
    // One that ended before there was a state begins anew.
    if resumes, FileManager.default.fileExists(atPath: file.path) {
      try StateFile.read(file, into: &state, layout: layout)
    }
    let updates = state.progress.updates
    losses = try CurveFile(url.appending(path: "losses.csv").path, keepingUpTo: updates)
    validations = try CurveFile(
      url.appending(path: "validation.csv").path, keepingUpTo: updates)
    self.record.sessions.append(
      TrainingRecord.Session(
        from: updates, to: updates, seconds: 0, threads: record.environment.threads))
    try writeRecord(state.progress)
    // Last, because it is what makes the folder one of a training.
    if !resumes {
      try TrainingFolder.write(Data(recipe.yaml.utf8), to: TrainingFolder.recipeFile(url))
    }
  }

  /// The recipe of the training in a folder.
  ///
  /// - Throws: `TrainingError.noTraining` where there is none.
  package static func recipe(of url: URL) throws -> ResolvedRecipe {
    let path = recipeFile(url).path
    guard FileManager.default.fileExists(atPath: path) else {
      throw TrainingError.noTraining(path: url.relativePath)
    }
    return try ResolvedRecipe(path: path)
  }

  /// What the training in a folder was made of.
  ///
  /// - Throws: `CheckpointError` where 'training.json' is not there or is none.
  package static func record(of url: URL) throws -> TrainingRecord {
    try JSONFile.decode(TrainingRecord.self, from: url.appending(path: "training.json"))
  }

  /// - Throws: `TrainingError.holdsTraining` where a folder holds one.
  package static func checkFree(_ url: URL) throws {
    guard !FileManager.default.fileExists(atPath: recipeFile(url).path) else {
      throw TrainingError.holdsTraining(path: url.relativePath)
    }
  }
}

extension TrainingFolder: TrainingKeeper {
  package mutating func record(_ report: UpdateReport) throws {
    var line: [(String, Double)] = [
      ("update", Double(report.updates)), ("learning_rate", report.learningRate),
      ("gradient_norm", report.gradientNorm),
    ]
    line += TrainingFolder.columns(of: report.loss)
    try losses.append(line)
  }

  package mutating func record(_ validation: Validation, after updates: Int) throws {
    var line = [("update", Double(updates))]
    if let loss = validation.loss { line += TrainingFolder.columns(of: loss) }
    line += validation.measures.map { ($0.name, $0.value) }
    try validations.append(line)
  }

  package mutating func keep(_ state: TrainingState) throws {
    try losses.flush()
    try validations.flush()
    try TrainingFolder.makeFolder(TrainingFolder.stateFile(url).deletingLastPathComponent())
    try StateFile.write(state, layout: layout, to: TrainingFolder.stateFile(url))
    try writeRecord(state.progress)
  }

  package mutating func keepBest(_ parameters: FloatStorage) throws {
    try write(parameters, to: "checkpoint")
  }

  package mutating func keepLast(_ parameters: FloatStorage) throws {
    try write(parameters, to: "last")
  }

  private func write(_ parameters: FloatStorage, to name: String) throws {
    try description.write(
      parameters, layout: layout, elementType: recipe.recipe.weights.elementType,
      to: url.appending(path: name))
  }

  private static func columns(of loss: LossParts) -> [(String, Double)] {
    [("loss", loss.total)]
      + LossPart.allCases.compactMap { part in loss.parts[part].map { (part.rawValue, $0) } }
      + loss.measures.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

extension TrainingFolder {
  private static func stateFile(_ url: URL) -> URL {
    url.appending(path: "state").appending(path: "state.safetensors")
  }

  private static func recipeFile(_ url: URL) -> URL { url.appending(path: "recipe.yaml") }

  private mutating func writeRecord(_ progress: TrainingProgress) throws {
    record.updates = progress.updates
    record.best = progress.best
    record.isComplete = progress.updates == recipe.recipe.updates
    if !record.sessions.isEmpty {
      let last = record.sessions.count - 1
      record.sessions[last].to = progress.updates
      record.sessions[last].seconds = begin.duration(to: .now) / .seconds(1)
    }
    try JSONFile.write(record, to: url.appending(path: "training.json"))
  }

  /// The record of the training that is taken up, which must be of the same data.
  private static func stored(_ url: URL, asking record: TrainingRecord) throws -> TrainingRecord {
    let stored = try self.record(of: url)
    let pairs = [
      ("the demonstrations", stored.demonstrations, record.demonstrations),
      ("the initial checkpoint", stored.initial, record.initial),
    ]
    for (what, then, now) in pairs {
      let changed = Set(then.map(\.content)).symmetricDifference(now.map(\.content))
      guard changed.isEmpty else {
        let names = Set((then + now).filter { changed.contains($0.content) }.map(\.path))
        throw TrainingError.differs(
          path: url.relativePath, what: what, names: names.sorted().map { "'\($0)'" })
      }
    }
    return stored
  }

  private static func makeFolder(_ url: URL) throws {
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw TrainingError.cannotWrite(path: url.path, reason: "the folder cannot be made")
    }
  }

  private static func write(_ data: Data, to url: URL) throws {
    do {
      try PartialFile.write(data, to: url.path)
    } catch {
      throw TrainingError(writing: url.path, error)
    }
  }
}

extension FileDigest {
  /// What makes two files the same, wherever they lie.
  fileprivate var content: String { "\(sha256) \(bytes)" }
}
