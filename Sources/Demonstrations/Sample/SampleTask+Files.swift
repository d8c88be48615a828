package import Foundation
internal import Manipulation

extension SampleTask {
  /// Writes one file a task; the last fifth of the episodes is held back for validation.
  ///
  /// - Parameter replacing: Whether files that are there already may be replaced.
  /// - Returns: The files, in the order of the tasks.
  /// - Throws: `DemonstrationError.cannotWrite` or `HDF5Error.cannotWrite`.
  package static func write(
    to folder: URL, episodesPerTask: Int, seed: UInt64, replacing: Bool = false
  ) throws -> [URL] {
    for url in files(in: folder)
    where !replacing && FileManager.default.fileExists(atPath: url.path) {
      throw DemonstrationError.cannotWrite(url.path, reason: "it exists already")
    }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw DemonstrationError.cannotWrite(folder.path, reason: error.localizedDescription)
    }
    return try zip(allCases, files(in: folder)).map { task, url in
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

  private static func files(in folder: URL) -> [URL] {
    allCases.map { folder.appending(path: "\($0.rawValue).hdf5") }
  }
}
