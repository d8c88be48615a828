internal import Yams

/// One mapping of a YAML file, whose keys are all known.
struct Fields {
  let path: String
  /// What the mapping is, such as "a way point".
  let place: String
  let line: Int
  private let nodes: [String: Node]

  /// - Throws: `wrongValue` when `node` is no mapping, `unknownKey` for a key that is not in `keys`.
  init(
    _ node: Node, path: String, place: String, key: String, keys: [String]
  ) throws(TaskError) {
    guard let mapping = node.mapping else {
      throw .wrongValue(
        path: path, line: node.line, key: key, found: node.words,
        expected: "a mapping with \(keys.joined(separator: ", "))")
    }
    var nodes: [String: Node] = [:]
    for (name, value) in mapping {
      guard let word = name.scalar?.string, keys.contains(word) else {
        throw .unknownKey(
          path: path, line: name.line, key: name.scalar?.string.shown ?? "(no plain word)",
          place: place, known: keys)
      }
      nodes[word] = value
    }
    (self.path, self.place, self.line, self.nodes) = (path, place, node.line, nodes)
  }

  /// A mapping whose keys were checked already.
  init(path: String, place: String, line: Int, nodes: [String: Node]) {
    (self.path, self.place, self.line, self.nodes) = (path, place, line, nodes)
  }

  /// The keys that are there.
  var names: [String] { nodes.keys.sorted() }

  func has(_ key: String) -> Bool { nodes[key] != nil }

  /// The line of a key's value; of the mapping where there is none.
  func line(of key: String) -> Int { nodes[key]?.line ?? line }

  func node(_ key: String) throws(TaskError) -> Node {
    guard let node = nodes[key] else {
      throw .missingKey(path: path, line: line, key: key, place: place)
    }
    return node
  }

  /// An error about a key's value.
  func wrong(_ key: String, expected: String) -> TaskError {
    .wrongValue(
      path: path, line: line(of: key), key: key, found: nodes[key]?.words ?? "nothing",
      expected: expected)
  }

  func text(_ key: String) throws(TaskError) -> String {
    guard let text = try node(key).scalar?.string, 1...400 ~= text.count, !text.hasControls else {
      throw wrong(key, expected: "one line of text")
    }
    return text
  }

  func flag(_ key: String, default standard: Bool) throws(TaskError) -> Bool {
    guard has(key) else { return standard }
    switch try node(key).scalar?.string {
    case "true": return true
    case "false": return false
    default: throw wrong(key, expected: "true or false")
    }
  }

  func integer(_ key: String, in range: ClosedRange<Int>) throws(TaskError) -> Int {
    guard let value = try node(key).scalar.flatMap({ Int($0.string) }), range.contains(value)
    else {
      throw wrong(key, expected: "a whole number in \(range.lowerBound)...\(range.upperBound)")
    }
    return value
  }

  func number(_ key: String, in range: ClosedRange<Double>) throws(TaskError) -> Double {
    guard let value = try node(key).number, range.contains(value) else {
      throw wrong(key, expected: "a number in \(range.lowerBound)...\(range.upperBound)")
    }
    return value
  }

  /// A list of numbers, each in `range`.
  func numbers(
    _ key: String, count: ClosedRange<Int>, in range: ClosedRange<Double>
  ) throws(TaskError) -> [Double] {
    let values = try node(key).sequence.map { $0.map(\.number) }
    let found = values?.compactMap { $0 } ?? []
    guard let values, values.count == found.count, count.contains(found.count),
      found.allSatisfy(range.contains)
    else {
      let size =
        count.lowerBound == count.upperBound
        ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
      throw wrong(
        key, expected: "a list of \(size) numbers in \(range.lowerBound)...\(range.upperBound)")
    }
    return found
  }

  func vector(_ key: String, in range: ClosedRange<Double>) throws(TaskError) -> SIMD3<Double> {
    let values = try numbers(key, count: 3...3, in: range)
    return [values[0], values[1], values[2]]
  }

  /// Two numbers, the lower first.
  func interval(
    _ key: String, in range: ClosedRange<Double>, default standard: ClosedRange<Double>? = nil
  ) throws(TaskError) -> ClosedRange<Double> {
    if let standard, !has(key) { return standard }
    let values = try numbers(key, count: 2...2, in: range)
    guard values[0] <= values[1] else { throw wrong(key, expected: "the lower number first") }
    return values[0]...values[1]
  }

  /// A list of texts without repetition.
  func texts(_ key: String, count: ClosedRange<Int>) throws(TaskError) -> [String] {
    let found = try node(key).sequence?.compactMap { $0.scalar?.string }
    guard let found, found.count == (try node(key).sequence?.count), count.contains(found.count),
      found.allSatisfy({ 1...400 ~= $0.count && !$0.hasControls })
    else {
      throw wrong(
        key, expected: "a list of \(count.lowerBound) to \(count.upperBound) lines of text")
    }
    guard Set(found).count == found.count else { throw wrong(key, expected: "each entry once") }
    return found
  }

  /// The name of a body, joint, geom or site.
  func name(_ key: String) throws(TaskError) -> String {
    let word = try text(key)
    guard word.isName else { throw wrong(key, expected: Self.nameRule) }
    return word
  }

  /// Names of bodies, joints, geoms or sites.
  func names(_ key: String, count: ClosedRange<Int>) throws(TaskError) -> [String] {
    let words = try texts(key, count: count)
    guard words.allSatisfy(\.isName) else { throw wrong(key, expected: Self.nameRule) }
    return words
  }

  private static let nameRule = "names of letters, digits, '_' and '-'"

  /// The entries of a list.
  func list(_ key: String, count: ClosedRange<Int>) throws(TaskError) -> [Node] {
    guard let entries = try node(key).sequence, count.contains(entries.count) else {
      throw wrong(key, expected: "a list of \(count.lowerBound) to \(count.upperBound) entries")
    }
    return Array(entries)
  }
}

extension Node {
  var line: Int { mark?.line ?? 1 }

  /// A finite number.
  var number: Double? {
    guard let scalar, scalar.style != .singleQuoted, scalar.style != .doubleQuoted,
      let value = Double(scalar.string), value.isFinite
    else { return nil }
    return value
  }

  /// The value as a complaint shows it.
  var words: String {
    switch self {
    case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "'\(scalar.string.shown)'"
    case .mapping: "a mapping"
    case .sequence(let entries): "a list of \(entries.count)"
    case .alias: "an alias"
    }
  }
}

extension String {
  /// Whether this names a part of a scene.
  var isName: Bool {
    1...80 ~= utf8.count
      && utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  /// Whether this names a task or a suite.
  func isFolderName(allowing more: String = "") -> Bool {
    isName
      && unicodeScalars.allSatisfy {
        "abcdefghijklmnopqrstuvwxyz0123456789_\(more)".unicodeScalars.contains($0)
      }
  }

  var hasControls: Bool {
    unicodeScalars.contains {
      $0.value < 0x20 || 0x7F...0x9F ~= $0.value || 0x2028...0x2029 ~= $0.value
    }
  }

  /// A beginning that a terminal can show.
  var shown: String {
    String(
      String.UnicodeScalarView(prefix(60).unicodeScalars.map { String($0).hasControls ? "?" : $0 }))
  }
}
