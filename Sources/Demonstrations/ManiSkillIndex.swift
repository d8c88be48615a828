internal import Foundation

/// The JSON file that stands beside a ManiSkill trajectory file and describes its episodes.
struct ManiSkillIndex: Decodable {
  struct Environment: Decodable {
    var env_id: String?
  }

  struct Entry: Decodable {
    var episode_id: Int
    var episode_seed: Int?
    var control_mode: String?
    var success: Bool?
    var language_instruction: String?
    var instruction: String?
  }

  var env_info: Environment?
  var episodes: [Entry]

  private static let byteLimit = 1 << 28

  /// Reads the file beside `url`; `nil` when there is none.
  ///
  /// - Throws: `DemonstrationError.badIndexFile` or `tooLarge`.
  static func beside(_ url: URL) throws -> ManiSkillIndex? {
    let place = url.deletingPathExtension().appendingPathExtension("json")
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: place.resolvingSymlinksInPath().path)
    guard let attributes, attributes[.type] as? FileAttributeType == .typeRegular else {
      return nil
    }
    guard let size = attributes[.size] as? Int, size <= byteLimit else {
      throw DemonstrationError.tooLarge("The index", file: place.path, limit: byteLimit)
    }
    do {
      return try JSONDecoder().decode(ManiSkillIndex.self, from: Data(contentsOf: place))
    } catch {
      throw DemonstrationError.badIndexFile(
        place.path, reason: "expected JSON with 'episodes', each with an 'episode_id'")
    }
  }

  func entry(_ number: Int) -> Entry? { episodes.first { $0.episode_id == number } }
}
