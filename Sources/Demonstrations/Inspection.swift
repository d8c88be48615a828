package import Foundation
package import Manipulation

/// What a demonstration file holds, as it is shown to a person or as JSON.
package struct Inspection: Codable, Sendable {
  package let file: String
  package let schema: DemonstrationSchema
  package let task: String
  package let taskVersion: String?
  /// The action convention's name; absent when the file declares none.
  package let actionConvention: String?
  package let episodeCount: Int
  package let frameCount: Int
  package let keyframeCount: Int
  /// Every instruction with the number of episodes that carry it.
  package let instructions: [String: Int]
  /// Every mask with the number of its names.
  package let masks: [String: Int]
  package let episodes: [EpisodeSummary]
  /// Over the key frames of all episodes; absent where `statisticsNote` says why.
  package let statistics: DatasetStatistics?
  package let statisticsNote: String?

  /// Looks at a whole file; pictures are not read.
  ///
  /// - Throws: `HDF5Error` or `DemonstrationError` when an episode cannot be read.
  package init(of demonstrations: DemonstrationFile) throws {
    file = demonstrations.url.path
    schema = demonstrations.schema
    task = demonstrations.task
    taskVersion = demonstrations.taskVersion
    actionConvention = demonstrations.convention?.name
    episodes = try (0..<demonstrations.episodeCount).map { try demonstrations.summary(of: $0) }
    episodeCount = episodes.count
    frameCount = episodes.reduce(0) { $0 + $1.frameCount }
    keyframeCount = episodes.reduce(0) { $0 + $1.keyframeCount }
    instructions = Dictionary(
      episodes.map { ($0.instruction ?? "(none)", 1) }, uniquingKeysWith: +)
    var masks: [String: Int] = [:]
    for name in try demonstrations.maskNames() {
      masks[name] = try demonstrations.mask(name)?.count
    }
    self.masks = masks
    (statistics, statisticsNote) = Inspection.statistics(of: demonstrations)
  }

  package func json() throws -> String { try encodeForReading(self) }

  /// Writes the statistics as `dataset_statistics.json`, under the task's name.
  ///
  /// - Throws: `DemonstrationError.noStatistics` when there are none, `cannotWrite`.
  package func writeStatistics(to url: URL) throws {
    guard let statistics else {
      throw DemonstrationError.noStatistics(file: file, reason: statisticsNote ?? "no reason")
    }
    try statistics.write(to: url, name: task)
  }

  private static func statistics(
    of demonstrations: DemonstrationFile
  ) -> (DatasetStatistics?, String?) {
    do {
      let statistics = try DatasetStatistics(demonstrations: [demonstrations])
      return (statistics, statistics == nil ? "There are no key frames." : nil)
    } catch {
      return (nil, "\(error)")
    }
  }
}

extension DatasetStatistics {
  /// The statistics of all key frames of some files, without reading pictures.
  ///
  /// - Returns: `nil` when the files have no key frames.
  /// - Throws: `DemonstrationError` or `HDF5Error` when an episode cannot be read.
  package init?(demonstrations: [DemonstrationFile]) throws {
    self.init(
      of: try demonstrations.flatMap { file in
        try (0..<file.episodeCount).map { try file.episodeWithoutImages(at: $0) }
      })
  }
}

extension DemonstrationFile {
  /// The pictures of one camera at the key frames of the first episodes, for a contact sheet.
  ///
  /// - Parameter camera: The camera, or `nil` for the first by name.
  /// - Throws: `DemonstrationError` or `HDF5Error`.
  package func contactSheet(camera: String? = nil) throws -> RGBImage {
    var rows: [[RGBImage]] = []
    for index in 0..<min(episodeCount, ContactSheet.rowLimit) {
      let names = try summary(of: index).cameras
      guard let camera = camera ?? names.first else {
        throw missing("pictures", index, "a contact sheet needs a camera")
      }
      let frameCount = try frameCount(of: index)
      let frames = try keyframeIndices(of: index, frameCount: frameCount)
      let shown = Array(frames.prefix(ContactSheet.columnLimit))
      let pictures = try images(of: index, camera: camera, frames: shown)[camera] ?? []
      // Made small at once, so that a sheet of a large file takes little memory.
      rows.append(pictures.map { ContactSheet.shrink($0) })
    }
    guard let sheet = ContactSheet.compose(rows) else {
      throw missing("key frames", 0, "a contact sheet needs pictures")
    }
    return sheet
  }
}
