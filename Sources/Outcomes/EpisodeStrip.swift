package import Manipulation

/// How the pictures of an episode lie in the file that 'mole eval --strips' keeps: side by side from
/// the start to the end, in rows of each camera.
package enum EpisodeStrip {
  /// More pictures of an episode than this are thinned out; the first and the last stay.
  package static let pictureLimit = 120
  /// Pictures in a row.
  package static let columnLimit = 12
  /// White pixels around each picture.
  package static let padding = 4

  /// The file's place below the folder, such as `mole/close_box_007.png`.
  package static func path(method: String, episode: EpisodeIdentity) -> String {
    "\(plain(method))/\(plain(name(of: episode)))"
  }

  /// The name of an episode's picture, such as `close_box_007.png`.
  package static func name(of episode: EpisodeIdentity) -> String {
    let digits = String(episode.index)
    let zeros = String(repeating: "0", count: max(0, 3 - digits.count))
    return "\(episode.task)_\(zeros)\(digits).png"
  }

  /// A name without what other systems refuse, and without a way out of the folder.
  package static func plain(_ name: String) -> String {
    let plain = name.map { character in
      character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
        ? character : "-"
    }
    return plain.first == "." ? "-" + String(plain) : String(plain)
  }

  /// Which of `count` pictures are kept, by their number.
  package static func kept(of count: Int) -> [Int] {
    guard count > pictureLimit else { return Array(0..<count) }
    return (0..<pictureLimit).map { $0 * (count - 1) / (pictureLimit - 1) }
  }
}
