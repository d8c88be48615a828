package import Foundation
internal import Pickles

/// An episode as RLBench stores it: pictures in folders by camera, the rest in a pickle.
package struct RLBenchEpisodeFolder: Sendable {
  package var url: URL
  /// The number in the folder's name.
  package var number: Int
  /// The variation in the name of the folder above; `nil` in PerAct's `all_variations`.
  package var variation: Int?

  /// The variation, from the folder's name or PerAct's file within the episode.
  func readVariation() throws(ImportError) -> Int {
    if let variation { return variation }
    let file = url.appendingPathComponent("variation_number.pkl")
    let value = try ImportFile.pickle(at: file, expected: "the number of the variation")
    guard let number = value.int, number >= 0 else {
      throw .badPickle(file.path, .wrongOperand("a variation's number"))
    }
    return number
  }

  /// All ways in which the variation is put into words, in the file's order.
  func readDescriptions() throws(ImportError) -> [String] {
    let name = "variation_descriptions.pkl"
    let own = url.appendingPathComponent(name)
    let shared = url.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent(name)
    let file = ImportFile.exists(own) ? own : shared
    let value = try ImportFile.pickle(at: file, expected: "a pickled list of instructions")
    let texts = (value.items ?? []).compactMap(\.string)
    guard !texts.isEmpty else { throw .badEpisode(url.path, .noInstruction) }
    return texts
  }
}

/// The episodes of one task.
package struct RLBenchTaskFolder: Sendable {
  package var name: String
  /// By variation, then by number.
  package var episodes: [RLBenchEpisodeFolder]

  package init(name: String, episodes: [RLBenchEpisodeFolder]) {
    self.name = name
    self.episodes = episodes
  }
}

/// Finds the tasks and episodes under a folder, in RLBench's own layout or PerAct's variant.
///
///     <root>/<task>/variation<k>/episodes/episode<n>
///     <root>/<task>/all_variations/episodes/episode<n>
package enum RLBenchFolder {
  static let allVariations = "all_variations"

  /// - Parameter url: A task's folder, or one that holds several.
  /// - Throws: `ImportError.missing` when there is no episode.
  package static func tasks(in url: URL) throws -> [RLBenchTaskFolder] {
    guard ImportFile.isFolder(url) else {
      throw ImportError.missing(url.path, expected: "a folder of RLBench demonstrations")
    }
    let own = task(at: url)
    let tasks =
      own.episodes.isEmpty
      ? ImportFile.names(in: url).map { task(at: url.appendingPathComponent($0)) } : [own]
    let found = tasks.filter { !$0.episodes.isEmpty }
    guard !found.isEmpty else {
      throw ImportError.missing(
        url.appendingPathComponent("variation0/episodes/episode0").path,
        expected: "RLBench's layout '<task>/variation<k>/episodes/episode<n>' or PerAct's "
          + "'<task>/all_variations/episodes/episode<n>'")
    }
    return found
  }

  /// Where both layouts are there, `all_variations` holds the same episodes again and is left out.
  private static func task(at url: URL) -> RLBenchTaskFolder {
    let name = url.standardizedFileURL.lastPathComponent
    let byVariation = ImportFile.numbered("variation", in: url).flatMap { variation in
      episodes(in: variation.url, variation: variation.number)
    }
    guard byVariation.isEmpty else { return RLBenchTaskFolder(name: name, episodes: byVariation) }
    let mixed = episodes(in: url.appendingPathComponent(allVariations), variation: nil)
    return RLBenchTaskFolder(name: name, episodes: mixed)
  }

  private static func episodes(in folder: URL, variation: Int?) -> [RLBenchEpisodeFolder] {
    ImportFile.numbered("episode", in: folder.appendingPathComponent("episodes")).map {
      RLBenchEpisodeFolder(url: $0.url, number: $0.number, variation: variation)
    }
  }
}
