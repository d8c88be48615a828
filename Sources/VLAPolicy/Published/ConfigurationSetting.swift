internal import Checkpoints

/// An assignment to one detail of a configuration: `image.center_crop=0.9`.
struct ConfigurationSetting {
  /// The way to the detail in our config.json, with dots between keys and indices of lists.
  let path: String
  private let text: String
  private let value: JSONValue

  /// - Parameter text: A value that is no JSON is a string: `image.resize=letterbox`.
  /// - Throws: `PolicyError.badSetting`.
  init(_ text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw PolicyError.badSetting(text, problem: "'key=value' was expected")
    }
    self.text = text
    path = String(parts[0])
    value = (try? JSONParser.parse(Array(parts[1].utf8))) ?? .string(ByteString(String(parts[1])))
  }

  /// The document with the value at the path.
  ///
  /// - Throws: `PolicyError.badSetting` where the path leads through something that has no parts.
  func applied(to document: JSONValue) throws -> JSONValue {
    try replacing(path.split(separator: ".", omittingEmptySubsequences: false)[...], in: document)
  }

  private func replacing(
    _ steps: ArraySlice<Substring>, in document: JSONValue
  ) throws -> JSONValue {
    guard let step = steps.first else { return value }
    let rest = steps.dropFirst()
    switch document {
    case .object(var object):
      guard let member = object[String(step)] ?? (rest.isEmpty ? .null : nil) else { break }
      object.set(ByteString(String(step)), try replacing(rest, in: member))
      return .object(object)
    case .array(var values):
      guard let index = Int(step), values.indices.contains(index) else { break }
      values[index] = try replacing(rest, in: values[index])
      return .array(values)
    default: break
    }
    throw PolicyError.badSetting(text, problem: "the configuration has no '\(path)'")
  }
}

extension ModelConfiguration {
  /// The configuration with other values at some paths of its config.json.
  ///
  /// - Parameter settings: Assignments `key=value`.
  /// - Throws: `PolicyError.badSetting` for a path or a kind of value that the configuration does
  ///   not have.
  package func setting(_ settings: [String]) throws -> Self {
    guard !settings.isEmpty else { return self }
    var document = try JSONFile.value(encoding: self)
    for text in settings { document = try ConfigurationSetting(text).applied(to: document) }
    do {
      return try JSONFile.decode(
        Self.self, from: document, named: VLANetwork.configurationName, unknownKeys: .refused)
    } catch let error as CheckpointError {
      throw PolicyError.badSetting(
        settings.joined(separator: ", "), problem: error.settingProblem)
    }
  }
}

extension CheckpointError {
  fileprivate var settingProblem: String {
    switch self {
    case .wrongValue(_, let path, let reason): "the value of '\(path)' is wrong, \(reason)"
    case .unknownKeys(_, let keys):
      "the configuration has no " + keys.map { "'\($0)'" }.joined(separator: ", ")
    default: description
    }
  }
}
