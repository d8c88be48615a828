import Foundation
package import Outcomes

/// The folder of one run, held by one process at a time.
package struct HeldDirectory: ~Copyable {
  package let path: String
  private let lock: Descriptor
  /// The folders that were made for this run, the innermost first.
  private let madeFolders: [String]

  /// Claims a folder for a new run, and makes it with its parents where it is not there.
  ///
  /// - Throws: `directoryHoldsRun` when there is a run in it, `directoryInUse`, `cannotWrite`
  ///   with nothing left behind.
  package static func claim(_ path: String) throws -> HeldDirectory {
    let made = try makeFolders(path)
    do {
      let directory = try HeldDirectory(path: path, lock: lock(path), madeFolders: made)
      try directory.checkUnused()
      return directory
    } catch {
      for folder in made { rmdir(folder) }
      throw error
    }
  }

  /// Takes up the run in a folder.
  ///
  /// - Throws: `noRun`, `directoryInUse`.
  package static func resume(_ path: String) throws -> HeldDirectory {
    guard FileManager.default.fileExists(atPath: "\(path)/\(RunFile.manifest)") else {
      throw EvaluationError.noRun(path: path)
    }
    return try HeldDirectory(path: path, lock: lock(path), madeFolders: [])
  }

  private init(path: String, lock: consuming Descriptor, madeFolders: [String]) {
    self.path = path
    self.lock = lock
    self.madeFolders = madeFolders
  }

  /// The path of a file in this folder.
  package subscript(file: String) -> String { "\(path)/\(file)" }

  /// Writes what the run is asked for; from here on it can be resumed.
  package func start(_ manifest: RunManifest) throws {
    try WholeFile.write(Data(PlanText.yaml(manifest.plan).utf8), to: self[RunFile.plan])
    try write(manifest)
  }

  /// Writes how far the run has come.
  package func write(_ manifest: RunManifest) throws {
    try WholeFile.write(OutcomeCoding.document(manifest), to: self[RunFile.manifest])
  }

  package func manifest() throws -> RunManifest {
    try HeldDirectory.manifest(at: path)
  }

  /// Opens the journal; a torn last line is dropped.
  package func journal() throws -> Journal {
    let journal = try Journal(opening: self[RunFile.journal])
    // A power cut shall not take the names of files that are whole; not every file system can.
    try? Descriptor(opening: path, O_RDONLY).flush()
    return journal
  }

  /// Whether no line of the journal is written.
  package var holdsNoEpisode: Bool {
    var status = stat()
    return stat(self[RunFile.journal], &status) != 0 || status.st_size == 0
  }

  /// Gives up a run without an episode, and removes what was made for it.
  ///
  /// - Precondition: `holdsNoEpisode`.
  package consuming func abandon() {
    precondition(holdsNoEpisode, "'\(path)' holds episodes")
    for file in [RunFile.manifest, RunFile.plan, RunFile.journal] { unlink(self[file]) }
    unlink(self[HeldDirectory.lockName])
    for folder in madeFolders { rmdir(folder) }
  }

  /// Reads `run.json` of any run directory, held or not.
  ///
  /// - Throws: `noRun`, `notARun`.
  package static func manifest(at path: String) throws -> RunManifest {
    guard FileManager.default.fileExists(atPath: "\(path)/\(RunFile.manifest)") else {
      throw EvaluationError.noRun(path: path)
    }
    let manifest: RunManifest
    do {
      let data = try WholeFile.read(
        "\(path)/\(RunFile.manifest)", limit: RunManifest.byteLimit)
      manifest = try OutcomeCoding.manifest(document: data)
    } catch {
      throw EvaluationError.notARun(
        path: path, reason: "its \(RunFile.manifest) cannot be read as a manifest")
    }
    guard manifest.schemaVersion == RunManifest.currentSchema else {
      throw EvaluationError.notARun(
        path: path,
        reason: "its schema is '\(manifest.schemaVersion)', not '\(RunManifest.currentSchema)'")
    }
    return manifest
  }

  private func checkUnused() throws {
    for file in [RunFile.manifest, RunFile.journal]
    where FileManager.default.fileExists(atPath: self[file]) {
      throw EvaluationError.directoryHoldsRun(path: path)
    }
  }

  private static let lockName = ".lock"

  private static func lock(_ path: String) throws -> Descriptor {
    let name = "\(path)/\(lockName)"
    let file = try Descriptor(opening: name, O_RDWR | O_CREAT)
    guard file.lock() else {
      throw EvaluationError.directoryInUse(path: name, by: holder(try file.readAll()))
    }
    // Whoever held it before may have removed it as it gave up.
    guard file.isStillNamed else {
      throw EvaluationError.directoryInUse(path: name, by: "another process")
    }
    do {
      try file.truncate(to: 0)
      try file.write(Data("\(getpid()) on \(hostName)".utf8))
    } catch {
      unlink(name)
      throw error
    }
    return file
  }

  private static var hostName: String {
    var name = [CChar](repeating: 0, count: 65)
    guard gethostname(&name, name.count - 1) == 0 else { return "an unnamed machine" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Who a lock says that holds it: on a cluster a process of another machine, perhaps.
  private static func holder(_ content: Data) -> String {
    let words = String(decoding: content.prefix(100), as: UTF8.self)
    let isPlain = words.unicodeScalars.allSatisfy { (" "..."~").contains($0) }
    return words.isEmpty || !isPlain ? "another process" : "process \(words)"
  }

  /// Makes a folder and its parents; returns those that were not there, the innermost first.
  private static func makeFolders(_ path: String) throws -> [String] {
    var missing: [String] = []
    var folder = URL(fileURLWithPath: path)
    while !FileManager.default.fileExists(atPath: folder.path), folder.path != "/" {
      missing.append(folder.path)
      folder.deleteLastPathComponent()
    }
    for (index, folder) in missing.reversed().enumerated() where mkdir(folder, 0o755) != 0 {
      let reason = systemReason()
      for made in missing.suffix(index) { rmdir(made) }
      throw EvaluationError.cannotWrite(path: path, reason: reason)
    }
    return missing
  }
}
