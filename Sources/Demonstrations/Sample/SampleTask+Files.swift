package import Foundation
internal import Manipulation

extension SampleTask {
  /// Writes one file a task; the last fifth of the episodes is held back for validation.
  ///
  /// - Returns: The files, in the order of the tasks.
  /// - Throws: `DemonstrationError.cannotWrite` or `HDF5Error.cannotWrite`.
  package static func write(
    to folder: URL, episodesPerTask: Int, seed: UInt64
  ) throws -> [URL] {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw DemonstrationError.cannotWrite(folder.path, reason: error.localizedDescription)
    }
    return try allCases.map { task in
      let url = folder.appending(path: "\(task.rawValue).hdf5")
      let writer = try DemonstrationWriter(creating: url, task: task.rawValue)
      for index in 0..<episodesPerTask {
        let episodeSeed = SeededGenerator.derive(seed, ["sample", String(index)])
        try writer.append(task.demonstration(seed: episodeSeed))
      }
      let validCount = episodesPerTask / 5
      try writer.finish(
        train: writer.episodeNames.dropLast(validCount),
        valid: writer.episodeNames.suffix(validCount))
      return url
    }
  }
}
