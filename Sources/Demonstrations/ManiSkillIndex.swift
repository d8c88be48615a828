internal import Files
internal import Foundation

/// The JSON file that stands beside a ManiSkill trajectory file and describes its episodes.
struct ManiSkillIndex: Decodable {
  struct Environment: Decodable {
    var identity: String?

    private enum CodingKeys: String, CodingKey {
      case identity = "env_id"
    }
  }

  struct Entry: Decodable {
    var number: Int
    var success: Bool?
    var instruction: String?

    private enum CodingKeys: String, CodingKey {
      case number = "episode_id"
      case success
      case instruction = "language_instruction"
    }
  }

  var environment: Environment?
  var episodes: [Entry]

  private enum CodingKeys: String, CodingKey {
    case environment = "env_info"
    case episodes
  }

  private static let byteLimit = 1 << 28

  /// Reads the file beside `url`; `nil` when there is none.
  ///
  /// - Throws: `DemonstrationError.badIndexFile` or `tooLarge`.
  static func beside(_ url: URL) throws -> ManiSkillIndex? {
    let place = url.deletingPathExtension().appendingPathExtension("json")
    let bytes: [UInt8]
    do {
      bytes = try RegularFile.bytes(of: place.path, limit: byteLimit)
    } catch .tooLarge {
      throw DemonstrationError.tooLarge("The byte count", file: place.path, limit: byteLimit)
    } catch {
      return nil
    }
    do {
      return try JSONDecoder().decode(ManiSkillIndex.self, from: Data(bytes))
    } catch {
      throw DemonstrationError.badIndexFile(
        place.path, reason: "expected JSON with 'episodes', each with an 'episode_id'")
    }
  }

  func entry(_ number: Int) -> Entry? { episodes.first { $0.number == number } }
}
