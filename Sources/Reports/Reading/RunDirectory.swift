internal import Files
package import Foundation
package import Outcomes

/// A run directory to be read: its manifest, and its journal line by line.
package struct RunDirectory: Sendable {
  package let url: URL
  package let manifest: RunManifest

  /// Reads the manifest of the run in `url`.
  ///
  /// - Throws: `ReportError` when the folder is no run directory of this version.
  package init(opening url: URL) throws {
    self.url = url
    for name in [RunFile.manifest, RunFile.journal] {
      guard FileManager.default.fileExists(atPath: url.appending(path: name).path) else {
        throw ReportError.missingFile(name, directory: url.path)
      }
    }
    manifest = try RunDirectory.readManifest(url.appending(path: RunFile.manifest))
  }

  /// The run's name: that of its folder.
  package var name: String { url.standardizedFileURL.lastPathComponent }

  /// Gives each episode of the journal to `body`, in the journal's order; a torn last line is
  /// dropped.
  ///
  /// - Throws: `ReportError` for a line that is not of this run, and what `body` throws.
  package func forEachEpisode(_ body: (EpisodeOutcome) throws -> Void) throws {
    let file = url.appending(path: RunFile.journal)
    var reader = try LineReader(opening: file)
    let check = OutcomeCheck(manifest: manifest)
    var census = LineCensus()
    var number = 0
    /// While `body` has the lines of one block, those of the next are decoded.
    func start() throws -> DecodedBlock? {
      try reader.nextBlock().map { JournalDecoder.start($0, check: check) }
    }
    var block = try start()
    while let lines = block?.take() {
      block = try start()
      for line in lines {
        number += 1
        switch line {
        case .refused(let reason):
          throw ReportError.badLine(number, file: file.path, reason: reason)
        case .outcome(let outcome):
          if let reason = census.objection(to: outcome) {
            throw ReportError.badLine(number, file: file.path, reason: reason)
          }
          try body(outcome)
        }
      }
    }
  }

  private static func readManifest(_ file: URL) throws -> RunManifest {
    let data: Data
    do {
      data = Data(try RegularFile.bytes(of: file.path, limit: RunManifest.byteLimit))
    } catch {
      throw ReportError(error, file: file.path)
    }
    let manifest: RunManifest
    do {
      manifest = try OutcomeCoding.manifest(document: data)
    } catch {
      throw ReportError.badManifest(
        file: file.path, reason: describe(decodingFailure: error))
    }
    guard manifest.schemaVersion == RunManifest.currentSchema else {
      throw ReportError.otherSchema(
        manifest.schemaVersion, file: file.path, expected: RunManifest.currentSchema)
    }
    if let reason = OutcomeCheck.objection(to: manifest) {
      throw ReportError.badManifest(file: file.path, reason: reason)
    }
    return manifest
  }
}
