internal import Checkpoints
package import Demonstrations
internal import Files
package import Foundation
internal import Manipulation
internal import Synchronization
package import VLAPolicy

/// How far the reading of demonstrations is.
package struct LoadingProgress: Sendable {
  package var episodesDone: Int
  package var episodeCount: Int
  /// Of all episodes, and the memory that their pictures will take.
  package var pictureCount: Int
  package var byteCount: Int
}

extension DemonstrationSet {
  /// Reads key frames, actions and the pictures of the policy's camera, on all cores.
  ///
  /// - Parameters:
  ///   - files: Demonstrations, in our layout or one of the known others.
  ///   - limit: At most so many episodes of each file, the first ones; `nil` for all.
  ///   - convention: What actions mean in files that do not say it.
  ///   - progress: Called before the first episode and after each, from any thread, one at a time.
  /// - Throws: `TrainingDataError`; what the files throw: a missing camera, a wrong width, …
  package init(
    reading files: [URL], mask: DemonstrationMask, for configuration: Configuration,
    limit: Int? = nil, convention: ActionConvention? = nil,
    progress: @escaping @Sendable (LoadingProgress) -> Void = { _ in }
  ) throws {
    guard !files.isEmpty else { throw TrainingDataError.noFiles }
    let reader = try EpisodeReader(configuration)
    let opened = try files.map { try DemonstrationFile(opening: $0, convention: convention) }
    let places = try opened.indices.flatMap { file in
      try opened[file].members(of: mask, limit: limit).map { EpisodePlace(file: file, index: $0) }
    }
    let pictures = try places.reduce(0) { sum, place in
      try sum + opened[place.file].keyframeCount(of: place.index)
    }
    let paths = files.map(\.relativePath)
    guard pictures > 0 else {
      throw TrainingDataError.noKeyframes(mask: mask.rawValue, files: paths)
    }
    let start = LoadingProgress(
      episodesDone: 0, episodeCount: places.count, pictureCount: pictures,
      byteCount: pictures * reader.pictureByteCount)
    try start.checkMemory()
    progress(start)
    let state = Mutex(start)
    let tasks = opened.map(\.task).uniqued
    let episodes = try Pieces.map(places.count) { number in
      let file = opened[places[number].file]
      let episode = try reader.read(
        places[number].index, of: file, task: tasks.firstIndex(of: file.task) ?? 0)
      state.withLock {
        $0.episodesDone += 1
        progress($0)
      }
      return episode
    }
    self.init(
      mask: mask, files: paths, tasks: tasks, episodes: episodes.filter { !$0.pictures.isEmpty })
  }
}

private struct EpisodePlace: Sendable {
  let file: Int
  let index: Int
}

extension LoadingProgress {
  /// Room for what else training takes.
  private static let margin = 1 << 30

  /// - Throws: `TrainingDataError.tooLarge`.
  fileprivate func checkMemory() throws {
    let available = MachineMemory.available
    guard byteCount < available - Self.margin else {
      throw TrainingDataError.tooLarge(
        pictures: pictureCount, gigabytes: Double(byteCount) / 1e9,
        available: Double(available) / 1e9)
    }
  }
}

/// Reads an episode as a policy sees it.
private struct EpisodeReader: Sendable {
  let image: ImageConfiguration
  let tower: TowerConfiguration

  init(_ configuration: Configuration) throws {
    image = configuration.image
    guard let first = configuration.towers.first,
      image.resize == .naive
        || configuration.towers.allSatisfy({ [image] in
          image.padding(for: $0) == image.padding(for: first)
        })
    else { throw TrainingDataError.severalPaddings(camera: image.camera) }
    tower = first
  }

  var pictureByteCount: Int { image.size * image.size * 3 }

  func read(_ index: Int, of file: DemonstrationFile, task: Int) throws -> LoadedEpisode {
    var episode = try file.episode(at: index, suite: "", camera: image.camera)
    var pictures: [RGBImage] = []
    for step in episode.keyframes.indices {
      let images = episode.keyframes[step].observation.images
      pictures += images[image.camera].map { [image.square($0, for: tower)] } ?? []
      episode.keyframes[step].observation.images = [:]
    }
    return LoadedEpisode(task: task, recording: episode, pictures: pictures)
  }
}

extension DemonstrationFile {
  /// The positions of the episodes of a mask.
  fileprivate func members(of mask: DemonstrationMask, limit: Int?) throws -> [Int] {
    guard let names = try self.mask(mask.rawValue) else {
      throw TrainingDataError.missingMask(
        mask.rawValue, file: url.relativePath, found: try maskNames())
    }
    let named = Set(names)
    return Array(
      episodeNames.indices.filter { named.contains(episodeNames[$0]) }.prefix(limit ?? .max))
  }
}

extension [String] {
  /// Each once, where it first comes.
  fileprivate var uniqued: [String] {
    reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
