internal import Files
import Foundation
package import Outcomes
internal import PlainYAML
internal import Yams

/// Plans as YAML text.
package enum PlanText {
  /// The largest plan that is read, in bytes; a thousand files with long names fit.
  package static let largestFile = 1 << 18

  /// Reads a plan.
  ///
  /// A plan is one mapping of known keys to scalars and lists.
  ///
  /// - Throws: `EvaluationError` with file, line and key.
  package static func read(path: String) throws -> EvaluationPlan {
    try plan(yaml: text(path: path), path: path)
  }

  /// Reads a plan out of text that came from `path`.
  package static func plan(yaml: String, path: String) throws -> EvaluationPlan {
    guard let mapping = try mapping(yaml, path: path) else { return EvaluationPlan() }
    try checkKeys(of: mapping, path: path)
    do {
      return try YAMLDecoder().decode(EvaluationPlan.self, from: Node.mapping(mapping))
    } catch let error as DecodingError {
      throw wrongValue(error, in: mapping, path: path)
    } catch {
      throw EvaluationError.planSyntax(path: path, line: 1, problem: "it cannot be decoded")
    }
  }

  /// The plan with every field, one a line, in the order in which they are documented.
  ///
  /// Texts are written as JSON, which YAML reads alike.
  package static func yaml(_ plan: EvaluationPlan) throws -> String {
    let fields = try fields(of: plan)
    return try EvaluationPlan.CodingKeys.allCases.map { key in
      guard let value = fields[key.rawValue] else { return "" }
      return "\(key.rawValue):\(try value.yaml())\n"
    }.joined()
  }
}

extension EvaluationPlan {
  /// Checks that a run that was started with `stored` may go on with this plan.
  ///
  /// - Throws: `EvaluationError.planDiffers`, naming the fields that differ.
  package func check(resuming stored: EvaluationPlan, at path: String) throws {
    let (now, then) = (try PlanText.fields(of: self), try PlanText.fields(of: stored))
    let changed = CodingKeys.allCases.map(\.rawValue).filter { now[$0] != then[$0] }
    guard changed.isEmpty else { throw EvaluationError.planDiffers(run: path, fields: changed) }
  }
}

/// What a field of a plan can be.
private enum PlanValue: Decodable, Equatable {
  case truth(Bool)
  case integer(UInt64)
  case number(Double)
  case text(String)
  case list([String])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let truth = try? container.decode(Bool.self) {
      self = .truth(truth)
    } else if let integer = try? container.decode(UInt64.self) {
      self = .integer(integer)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else {
      self = .list(try container.decode([String].self))
    }
  }

  /// The value as it stands behind the colon.
  func yaml() throws -> String {
    switch self {
    case .truth(let value): " \(value)"
    case .integer(let value): " \(value)"
    case .number(let value): " \(value)"
    case .text(let value): " " + (try PlanValue.quoted(value))
    case .list(let values):
      values.isEmpty ? " []" : try values.map { "\n  - " + (try PlanValue.quoted($0)) }.joined()
    }
  }

  /// Quoted, with escapes for what our own reader refuses outside of names as well as inside.
  private static func quoted(_ text: String) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    let json = String(decoding: try encoder.encode(text), as: UTF8.self)
    return json.unicodeScalars.map { scalar in
      guard refused.contains(scalar) else { return String(scalar) }
      let digits = String(scalar.value, radix: 16)
      return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  /// What our reader takes for structure, and what JSON lets stand that YAML does not.
  private static let refused = CharacterSet(charactersIn: "&*[{")
    .union(.controlCharacters).union(.newlines).union(.illegalCharacters)
    .union(CharacterSet(charactersIn: "\u{FEFF}"))
}

extension PlanText {
  fileprivate static func fields(of plan: EvaluationPlan) throws -> [String: PlanValue] {
    try JSONDecoder().decode([String: PlanValue].self, from: JSONEncoder().encode(plan))
  }

  private static func text(path: String) throws -> String {
    let data: [UInt8]
    do {
      data = try RegularFile.bytes(of: path, limit: largestFile)
    } catch {
      throw switch error {
      case .missing: EvaluationError.planNotReadable(path: path, reason: systemReason(ENOENT))
      case .tooLarge(let bytes, let limit):
        EvaluationError.planTooLarge(path: path, bytes: bytes, limit: limit)
      case .unreadable(let reason), .cannotWrite(let reason):
        EvaluationError.planNotReadable(path: path, reason: reason)
      }
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw EvaluationError.planSyntax(path: path, line: 1, problem: "it is no UTF-8 text")
    }
    return text
  }

  /// More brackets than any plan has.
  private static let bracketLimit = 64

  private static func mapping(_ yaml: String, path: String) throws -> Node.Mapping? {
    let node: Node?
    do {
      node = try PlainYAML.compose(yaml, bracketLimit: bracketLimit)
    } catch {
      throw EvaluationError.planSyntax(path: path, line: error.line, problem: error.problem)
    }
    guard let node else { return nil }
    guard let mapping = node.mapping else {
      throw EvaluationError.planSyntax(
        path: path, line: node.mark?.line ?? 1, problem: "expected 'key: value' lines")
    }
    return mapping
  }

  private static func checkKeys(of mapping: Node.Mapping, path: String) throws {
    let known = EvaluationPlan.CodingKeys.allCases.map(\.rawValue)
    for (key, _) in mapping {
      let name = key.scalar?.string
      guard let name, known.contains(name) else {
        throw EvaluationError.unknownPlanKey(
          path: path, line: key.mark?.line ?? 1, key: name ?? "(no plain word)", known: known)
      }
    }
  }

  private static func wrongValue(
    _ error: DecodingError, in mapping: Node.Mapping, path: String
  ) -> EvaluationError {
    let context: DecodingError.Context
    switch error {
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .keyNotFound(_, let found),
      .dataCorrupted(let found):
      context = found
    @unknown default:
      return .planSyntax(path: path, line: 1, problem: "a value has the wrong type")
    }
    let key = context.codingPath.first?.stringValue ?? ""
    let line = mapping.first { $0.key.scalar?.string == key }?.value.mark?.line
    let words = context.debugDescription.split(whereSeparator: \.isNewline).joined(separator: " ")
    let problem = words.hasSuffix(".") ? String(words.dropLast()) : words
    return .wrongPlanValue(path: path, line: line ?? 1, key: key, problem: problem)
  }
}
