internal import Files
package import Foundation
package import Outcomes

/// A folder that holds all that is needed to recompute every table of a report:
///
///     bundle.json          what follows, with digests
///     runs/<name>/         run.json, plan.yaml, episodes.jsonl of each run
///     report/              what 'mole report' makes of them: tables and figures
package struct ReportBundle {
  package let url: URL
  package let manifest: BundleManifest

  /// Writes a new bundle; it is there as a whole or not at all.
  ///
  /// - Parameters:
  ///   - path: A folder that does not exist yet.
  ///   - commit: The version of the program's source.
  ///   - report: Makes the report of runs, into the folder `out`. It is given the copies, so that it
  ///     says of them what it will say later.
  /// - Throws: `ReportError.cannotWrite`, and what `report` throws.
  package static func write(
    _ runs: [RunDirectory], against: [String], commit: String?, to path: String,
    report: (_ runs: [URL], _ against: [String], _ out: URL) throws -> Void
  ) throws {
    let names = try RunNames.unique(runs)
    do {
      try NewFolder.write(path) { folder in
        let url = URL(filePath: folder)
        for (run, name) in zip(runs, names) { try copy(run, to: place(of: name, in: url)) }
        try report(names.map { place(of: $0, in: url) }, against, reportFolder(in: url))
        let manifest = BundleManifest(
          schemaVersion: BundleManifest.currentSchema, commit: commit, runs: names,
          against: against, files: try digests(in: url))
        try ReportWriter.write(
          ReportWriter.json(manifest), to: url.appending(path: BundleManifest.fileName))
      }
    } catch let fault as FileFault {
      throw ReportError(fault, file: path)
    }
  }

  /// Opens a bundle.
  ///
  /// - Throws: `ReportError` when the folder is none that this version reads.
  package init(opening url: URL) throws {
    self.url = url
    let file = url.appending(path: BundleManifest.fileName)
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw ReportError.noBundle(directory: url.path)
    }
    do {
      let data = try RegularFile.bytes(of: file.path, limit: BundleManifest.byteLimit)
      manifest = try JSONDecoder().decode(BundleManifest.self, from: Data(data))
    } catch let fault as FileFault {
      throw ReportError(fault, file: file.path)
    } catch {
      throw ReportError.badBundle(file: file.path, reason: describe(decodingFailure: error))
    }
    guard manifest.schemaVersion == BundleManifest.currentSchema else {
      throw ReportError.otherSchema(
        manifest.schemaVersion, file: file.path, expected: BundleManifest.currentSchema)
    }
    guard !manifest.runs.isEmpty else {
      throw ReportError.badBundle(file: file.path, reason: "it names no run")
    }
    // Names become paths.
    for name in manifest.runs
      + manifest.files.flatMap({ $0.path.split(separator: "/") }).map(String.init)
    where name.isEmpty || name == "." || name == ".." || name.contains("/") {
      throw ReportError.badBundle(file: file.path, reason: "it names the path '\(name.visible)'")
    }
  }

  /// The runs' folders.
  package var runs: [URL] { manifest.runs.map { ReportBundle.place(of: $0, in: url) } }

  /// The folder of tables and figures.
  package var report: URL { ReportBundle.reportFolder(in: url) }

  /// The digests of all its files but the manifest, by path.
  package func digests() throws -> [FileDigest] { try ReportBundle.digests(in: url) }

  private static func place(of run: String, in bundle: URL) -> URL {
    bundle.appending(path: "runs").appending(path: run)
  }

  private static func reportFolder(in bundle: URL) -> URL { bundle.appending(path: "report") }

  private static func copy(_ run: RunDirectory, to folder: URL) throws {
    let files = FileManager.default
    do {
      try files.createDirectory(at: folder, withIntermediateDirectories: true)
      for name in [RunFile.manifest, RunFile.plan, RunFile.journal] {
        let source = run.url.appending(path: name)
        guard name != RunFile.plan || files.fileExists(atPath: source.path) else { continue }
        try files.copyItem(at: source, to: folder.appending(path: name))
      }
    } catch {
      throw ReportError.cannotWrite(file: folder.path, reason: error.localizedDescription)
    }
  }

  private static func digests(in bundle: URL) throws -> [FileDigest] {
    try FolderListing.files(in: bundle).filter { $0 != BundleManifest.fileName }
      .map { try digest(of: $0, in: bundle) }
  }

  private static func digest(of name: String, in bundle: URL) throws -> FileDigest {
    let path = bundle.appending(path: name).path
    do {
      let hash = try FileHash(ofFile: path)
      return FileDigest(path: name, bytes: hash.byteCount, sha256: hash.sha256)
    } catch {
      throw ReportError(error, file: path)
    }
  }
}
