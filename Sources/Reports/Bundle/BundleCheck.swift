internal import Files
package import Foundation
internal import Outcomes

/// Whether every table of a bundle is what follows from its runs, to the last digit.
package enum BundleCheck {
  /// The most bytes of a table or figure that is read.
  private static let byteLimit = 256 << 20

  /// Checks the digests of all files, computes the report anew and compares it.
  ///
  /// Pictures in PNG are held against their digests alone: they are drawn from the SVG beside them, by
  /// a library and with fonts that differ between machines.
  ///
  /// - Parameter report: Makes the report of runs, into the folder `out`.
  /// - Returns: What is not as it was; nothing where all is well.
  /// - Throws: `ReportError` when a file cannot be read, and what `report` throws where no file has
  ///   changed.
  package static func findings(
    in bundle: ReportBundle, report: (_ runs: [URL], _ against: [String], _ out: URL) throws -> Void
  ) throws -> [BundleFinding] {
    let changed = try changedFiles(of: bundle)
    let missing = missingRuns(of: bundle)
    // Without its runs there is nothing to compute.
    guard missing.isEmpty else { return changed + missing }
    let scratch = FileManager.default.temporaryDirectory.appending(
      path: "mole-check-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    do {
      try report(bundle.runs, bundle.manifest.against, scratch)
    } catch {
      guard !changed.isEmpty else { throw error }
      let problem = "it no longer follows from the runs"
      return changed + [BundleFinding(file: "report", problem: problem)]
    }
    return changed + (try differences(between: bundle.report, and: scratch))
  }

  private static func missingRuns(of bundle: ReportBundle) -> [BundleFinding] {
    zip(bundle.manifest.runs, bundle.runs).flatMap { name, run in
      [RunFile.manifest, RunFile.journal].filter {
        !FileManager.default.fileExists(atPath: run.appending(path: $0).path)
      }.map { BundleFinding(file: "runs/\(name)/\($0)", problem: "nothing follows without it") }
    }
  }

  /// Files that are not those of the manifest.
  private static func changedFiles(of bundle: ReportBundle) throws -> [BundleFinding] {
    let now = Dictionary(
      try bundle.digests().map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    let recorded = Dictionary(
      bundle.manifest.files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    return Set(now.keys).union(recorded.keys).sorted().compactMap { path in
      switch (recorded[path], now[path]) {
      case (nil, _): BundleFinding(file: path, problem: "it is not in \(BundleManifest.fileName)")
      case (_, nil): BundleFinding(file: path, problem: "it is missing")
      case (let before?, let after?) where before != after:
        BundleFinding(file: path, problem: "its SHA-256 is not that of \(BundleManifest.fileName)")
      default: nil
      }
    }
  }

  private static func differences(
    between stored: URL, and computed: URL
  ) throws -> [BundleFinding] {
    let (before, now) = (
      Set(try FolderListing.files(in: stored)), Set(try FolderListing.files(in: computed))
    )
    let uneven = before.symmetricDifference(now).sorted().map { name in
      BundleFinding(
        file: "report/\(name)",
        problem: now.contains(name)
          ? "it follows from the runs, but is not there" : "it does not follow from the runs")
    }
    let compared = before.intersection(now).filter { !$0.hasSuffix(".png") }.sorted()
    return uneven
      + (try compared.flatMap { name in
        TextComparison(
          file: "report/\(name)", stored: try text(of: stored.appending(path: name)),
          computed: try text(of: computed.appending(path: name))
        ).findings
      })
  }

  private static func text(of url: URL) throws -> String {
    do {
      return String(
        decoding: try RegularFile.bytes(of: url.path, limit: byteLimit), as: UTF8.self)
    } catch {
      throw ReportError(error, file: url.path)
    }
  }
}
