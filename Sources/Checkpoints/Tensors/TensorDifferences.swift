/// How an archive differs from what a configuration asks for.
package struct TensorDifferences: Equatable, Sendable, CustomStringConvertible {
  package struct WrongShape: Equatable, Sendable {
    package var name: String
    package var expected: [Int]
    package var found: [Int]
  }

  package struct Missing: Equatable, Sendable {
    package var name: String
    package var expected: [Int]
  }

  package var missing: [Missing]
  package var wrongShapes: [WrongShape]
  package var extra: [String]

  package var isEmpty: Bool { missing.isEmpty && wrongShapes.isEmpty && extra.isEmpty }

  /// A heading and at most twenty lines for each kind of difference.
  package var description: String {
    let sections = [
      section("missing", missing.map { "\($0.name) \($0.expected)" }),
      section(
        "of another shape",
        wrongShapes.map { "\($0.name): expected \($0.expected), found \($0.found)" }),
      section("not asked for", extra),
    ]
    return sections.joined(separator: "\n").trimmedOfNewlines
  }

  private func section(_ title: String, _ lines: [String]) -> String {
    guard !lines.isEmpty else { return "" }
    let more = lines.count > 20 ? ["    and \(lines.count - 20) more"] : []
    let shown = lines.prefix(20).map { "    \($0)" }
    return (["  \(lines.count) \(title):"] + shown + more).joined(separator: "\n")
  }
}

extension String {
  fileprivate var trimmedOfNewlines: String {
    split(separator: "\n", omittingEmptySubsequences: true).joined(separator: "\n")
  }
}

extension TensorArchive {
  /// Checks that the archive holds exactly the expected tensors.
  ///
  /// - Parameters:
  ///   - expected: Every tensor that a configuration asks for.
  ///   - allowingExtra: Whether a tensor that is not asked for is fine; decided by name.
  /// - Throws: `CheckpointError.differentTensors`, with every difference.
  package func check(
    expected: [(name: String, shape: [Int])],
    allowingExtra: (String) -> Bool = { _ in false }
  ) throws {
    var differences = TensorDifferences(missing: [], wrongShapes: [], extra: [])
    for (name, shape) in expected {
      guard contains(name) else {
        differences.missing.append(.init(name: name, expected: shape))
        continue
      }
      let found = try self.shape(of: name)
      if found != shape {
        differences.wrongShapes.append(.init(name: name, expected: shape, found: found))
      }
    }
    let known = Set(expected.map { ByteString($0.name) })
    differences.extra = names.filter { !known.contains(ByteString($0)) && !allowingExtra($0) }
    guard differences.isEmpty else {
      throw CheckpointError.differentTensors(archive: path, differences)
    }
  }
}
