package import Outcomes
package import Reports

/// One side of a comparison: a run and what a gate keeps of its episodes.
package struct RunSide: Sendable {
  /// As a person calls it: the path to its folder.
  package let name: String
  package let manifest: RunManifest
  /// By method, in the journal's order.
  let records: [String: [EpisodeRecord]]

  /// Reads a run's journal.
  ///
  /// - Parameter name: As it was given, so that a person knows it again.
  /// - Throws: `ReportError` for a damaged run.
  package init(reading run: RunDirectory, named name: String) throws {
    var records: [String: [EpisodeRecord]] = [:]
    try run.forEachEpisode { records[$0.method, default: []].append(EpisodeRecord($0)) }
    (self.name, manifest, self.records) = (name, run.manifest, records)
  }

  /// Takes outcomes as they come, checked or of our own making.
  package init(
    named name: String, manifest: RunManifest, outcomes: some Sequence<EpisodeOutcome>
  ) {
    self.name = name
    self.manifest = manifest
    records = Dictionary(grouping: outcomes, by: \.method).mapValues { $0.map(EpisodeRecord.init) }
  }

  var methods: [String] { manifest.methods.map(\.name) }

  func layerCount(of method: String) -> Int {
    manifest.methods.first { $0.name == method }?.layerCount ?? 0
  }
}
