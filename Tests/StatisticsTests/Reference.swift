import Foundation
import Testing

/// What scipy and statsmodels say; made by Scripts/fixtures/statistics_reference.py.
enum Reference {
  /// The cases of one section.
  static func cases<Case: Decodable>(_ section: String, as type: Case.Type) throws -> [Case] {
    let url = try #require(
      Bundle.module.url(forResource: "statistics", withExtension: "json", subdirectory: "Fixtures"))
    let decoder = JSONDecoder()
    decoder.userInfo[try sectionKey] = section
    return try decoder.decode(Section<Case>.self, from: Data(contentsOf: url)).cases
  }

  private static var sectionKey: CodingUserInfoKey {
    get throws { try #require(CodingUserInfoKey(rawValue: "section")) }
  }

  /// The one part of the file that is asked for; the others have other types.
  private struct Section<Case: Decodable>: Decodable {
    let cases: [Case]

    init(from decoder: any Decoder) throws {
      let name = try #require(decoder.userInfo[sectionKey] as? String)
      let container = try decoder.container(keyedBy: Name.self)
      cases = try container.decode([Case].self, forKey: Name(stringValue: name))
    }
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

/// Whether both lie within `tolerance` of each other, measured in units of the expected number where
/// that is larger than 1.
func near(_ found: Double, _ expected: Double, _ tolerance: Double = 1e-9) -> Bool {
  abs(found - expected) <= tolerance * max(1, abs(expected))
}

/// The same for lists.
func near(_ found: [Double], _ expected: [Double], _ tolerance: Double = 1e-9) -> Bool {
  found.count == expected.count && zip(found, expected).allSatisfy { near($0, $1, tolerance) }
}
