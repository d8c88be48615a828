internal import Foundation

/// The doctor's verdict on a file, as it is shown to a person or as JSON.
package struct HealthReport: Codable, Sendable {
  package let file: String
  package let schema: DemonstrationSchema
  package let episodeCount: Int
  /// Whether nothing is wrong; notes are no faults.
  package let isHealthy: Bool
  package let findings: [Finding]

  package init(of demonstrations: DemonstrationFile, findings: [Finding]) {
    file = demonstrations.url.path
    schema = demonstrations.schema
    episodeCount = demonstrations.episodeCount
    isHealthy = !findings.contains(where: \.isFault)
    self.findings = findings
  }

  /// - Throws: Never in practice; the encoder's error otherwise.
  package func json() throws -> String { try encodeForReading(self) }
}

extension HealthReport: CustomStringConvertible {
  package var description: String {
    let faultCount = findings.count(where: \.isFault)
    let verdict =
      isHealthy
      ? "nothing is wrong" : faultCount == 1 ? "1 thing is wrong" : "\(faultCount) things are wrong"
    let heading = "\(file): \(schema.rawValue), \(episodeCount) episodes, \(verdict)"
    return ([heading] + findings.map { "  \($0)" }).joined(separator: "\n")
  }
}

/// JSON with sorted keys in snake case and line breaks.
func encodeForReading(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.keyEncodingStrategy = .convertToSnakeCase
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
