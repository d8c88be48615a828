import Foundation
import Manipulation
import Testing
import Training
import VLAPolicy

@Suite("Loading time")
struct LoadingTime {
  @Test(.enabled(if: ProcessInfo.processInfo.environment["MOLE_DEMOS"] != nil))
  func time() throws {
    let folder = try #require(ProcessInfo.processInfo.environment["MOLE_DEMOS"])
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
      $0.hasSuffix(".hdf5")
    }.sorted().map { URL(fileURLWithPath: folder + "/" + $0) }
    let start = ContinuousClock.now
    let set = try DemonstrationSet(
      reading: files, mask: .train, for: Preset.nano.configuration()
    ) { if $0.episodesDone % 1000 == 0 { print($0, ContinuousClock.now - start) } }
    print(set.episodes.count, set.keyframeCount, set.tasks, ContinuousClock.now - start)
    let s = ContinuousClock.now
    let stats = try set.statistics(DataOptions(bounds: .extremes, angles: .unwrapped))
    print(stats.action, ContinuousClock.now - s)
    let h = ContinuousClock.now
    print(try DataIdentity(of: files), ContinuousClock.now - h)
  }
}
