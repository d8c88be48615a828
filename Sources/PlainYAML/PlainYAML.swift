package import Yams

/// Where a text is no plain YAML.
package struct PlainYAMLFault: Error, Equatable {
  package var line: Int
  package var problem: String
}

/// YAML from outside, read as a tree.
///
/// Anchors and aliases are refused, with which a small file could describe an enormous one; so is
/// deep nesting, which would overflow the parser's stack.
package enum PlainYAML {
  /// Reads one document.
  ///
  /// - Parameter bracketLimit: The most opening brackets and braces in the whole text, however
  ///   they are nested; at most 1,000, which the stack of any thread holds.
  /// - Returns: `nil` for an empty document.
  package static func compose(
    _ text: String, bracketLimit: Int = 1000
  ) throws(PlainYAMLFault) -> Node? {
    precondition(bracketLimit <= 1000, "\(bracketLimit) brackets may overflow the stack")
    try refuseTraps(text, bracketLimit: bracketLimit)
    do {
      let node = try Yams.compose(yaml: text)
      return node == Node("") ? nil : node
    } catch let error as YamlError {
      throw fault(error)
    } catch {
      throw PlainYAMLFault(line: 1, problem: "it is no readable YAML")
    }
  }

  private static func refuseTraps(_ yaml: String, bracketLimit: Int) throws(PlainYAMLFault) {
    var bracketCount = 0
    let lines = yaml.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated()
    where line.first(where: { $0 != 0x20 && $0 != 0x09 }) != UInt8(ascii: "#") {
      if holdsAnchorOrAlias(line) {
        throw PlainYAMLFault(
          line: index + 1, problem: "anchors (&) and aliases (*) are not allowed")
      }
      bracketCount += line.count { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") }
      let lead = line.prefix { "-?: \t".utf8.contains($0) }
      if bracketCount > bracketLimit || lead.count > leadLimit {
        throw PlainYAMLFault(line: index + 1, problem: "it is nested too deeply")
      }
    }
  }

  /// More characters than the indentation and the dashes before any line's text have.
  private static let leadLimit = 200

  /// Whether a token starts with `&name` or `*name`.
  private static func holdsAnchorOrAlias(_ line: Substring.UTF8View) -> Bool {
    var previous: UInt8 = 0x20
    let bytes = Array(line)
    for (index, byte) in bytes.enumerated() {
      let marks = byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*")
      let opens = " \t[{,:".utf8.contains(previous)
      let named = index + 1 < bytes.count && bytes[index + 1] > 0x20
      if marks, opens, named { return true }
      previous = byte
    }
    return false
  }

  private static func fault(_ error: YamlError) -> PlainYAMLFault {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      PlainYAMLFault(line: mark.line, problem: problem)
    case .duplicatedKeysInMapping(let duplicates, let context):
      PlainYAMLFault(
        line: context.mark.line,
        problem: "the key '\(duplicates.joined(separator: "', '"))' is there twice")
    default: PlainYAMLFault(line: 1, problem: "it is no readable YAML")
    }
  }
}
