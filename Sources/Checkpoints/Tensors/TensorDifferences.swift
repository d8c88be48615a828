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

  package struct WrongType: Equatable, Sendable {
    package var name: String
    /// What it should hold.
    package var expected: String
    package var found: ElementType
  }

  package var missing: [Missing] = []
  package var wrongShapes: [WrongShape] = []
  package var wrongTypes: [WrongType] = []
  package var extra: [String] = []

  package var isEmpty: Bool {
    missing.isEmpty && wrongShapes.isEmpty && wrongTypes.isEmpty && extra.isEmpty
  }

  /// A heading and at most twenty lines for each kind of difference.
  package var description: String {
    let sections = [
      section("missing", missing.map { "\($0.name) \($0.expected)" }),
      section(
        "of another shape",
        wrongShapes.map { "\($0.name): expected \($0.expected), found \($0.found)" }),
      section(
        "of another element type",
        wrongTypes.map { "\($0.name): expected \($0.expected), found \($0.found.rawValue)" }),
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
  /// The name of the scales of an int8 weight: F32 `[out, 1]`, one for each row of `[out, in]`.
  package static func scaleName(of weight: String) -> String { weight + "_scale" }

  /// Checks that the archive holds exactly the expected tensors, as floating-point numbers.
  ///
  /// - Parameters:
  ///   - expected: Every tensor that a configuration asks for.
  ///   - allowingInt8: Whether a matrix may be stored as I8 with its scales beside it; decided by
  ///     name.
  ///   - allowingExtra: Whether a tensor that is not asked for is fine; decided by name.
  /// - Throws: `CheckpointError.differentTensors`, with every difference.
  package func check(
    expected: [(name: String, shape: [Int])],
    allowingInt8: (String) -> Bool = { _ in false },
    allowingExtra: (String) -> Bool = { _ in false }
  ) throws {
    var differences = TensorDifferences()
    var known: Set<ByteString> = []
    for (name, shape) in expected {
      known.insert(ByteString(name))
      let isInt8 = allowingInt8(name) && (try? elementType(of: name)) == .int8
      try differences.compare(name, shape: shape, isInt8: isInt8, with: self)
      if isInt8, let rowCount = shape.first {
        let scale = Self.scaleName(of: name)
        known.insert(ByteString(scale))
        try differences.compare(scale, shape: [rowCount, 1], isInt8: false, with: self)
      }
    }
    differences.extra = names.filter { !known.contains(ByteString($0)) && !allowingExtra($0) }
    guard differences.isEmpty else {
      throw CheckpointError.differentTensors(archive: path, differences)
    }
  }
}

extension TensorDifferences {
  fileprivate mutating func compare(
    _ name: String, shape: [Int], isInt8: Bool, with archive: TensorArchive
  ) throws {
    guard archive.contains(name) else {
      missing.append(.init(name: name, expected: shape))
      return
    }
    let (foundShape, foundType) = (try archive.shape(of: name), try archive.elementType(of: name))
    if foundShape != shape {
      wrongShapes.append(.init(name: name, expected: shape, found: foundShape))
    }
    if !foundType.isFloatingPoint, !isInt8 {
      wrongTypes.append(.init(name: name, expected: "floating-point", found: foundType))
    }
  }
}
