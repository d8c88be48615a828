import Foundation
import Outcomes

/// A folder with a folder of each method, for what is kept of a rollout.
struct KeeperFolder {
  let path: String

  /// Where something of this method goes; the folder is made where it is not there.
  ///
  /// - Throws: `EvaluationError.cannotWrite`.
  func file(_ name: String, of method: String) throws -> URL {
    let folder = "\(path)/\(EpisodeStrip.plain(method))"
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw EvaluationError.cannotWrite(path: folder, reason: systemReason())
    }
    return URL(fileURLWithPath: "\(folder)/\(EpisodeStrip.plain(name))")
  }
}
