import Foundation
import Manipulation

/// A folder with a folder of each method, for what is kept of a rollout.
struct KeeperFolder {
  let path: String

  /// Where something of this method goes; the folder is made where it is not there.
  ///
  /// - Throws: `EvaluationError.cannotWrite`.
  func file(_ name: String, of method: String) throws -> URL {
    let folder = "\(path)/\(KeeperFolder.plain(method))"
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw EvaluationError.cannotWrite(path: folder, reason: systemReason())
    }
    return URL(fileURLWithPath: "\(folder)/\(KeeperFolder.plain(name))")
  }

  /// The name of an episode's picture, such as `close_box_007.png`.
  static func picture(of episode: EpisodeIdentity) -> String {
    let digits = String(episode.index)
    let zeros = String(repeating: "0", count: max(0, 3 - digits.count))
    return "\(episode.task)_\(zeros)\(digits).png"
  }

  /// A name without what other systems refuse, and without a way out of the folder.
  private static func plain(_ name: String) -> String {
    let plain = name.map { character in
      character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
        ? character : "-"
    }
    return plain.first == "." ? "-" + String(plain) : String(plain)
  }
}
