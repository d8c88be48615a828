/// Text that is no plain JSON as `mole eval` writes it: damaged, or only unusual.
struct UnusualJSON: Error {}

/// Walks along the bytes of a JSON text and reads what it is told to expect.
///
/// It knows plain JSON alone. What is damaged, and what is merely unusual (an escape in a text, a
/// number of twenty digits, a key twice), it does not judge: it throws `UnusualJSON`, and a full
/// decoder says what that is. So it may refuse much, but must never read anything otherwise than
/// the full decoder would.
struct JSONCursor {
  /// Values within values that are skipped; no line of ours is half as deep.
  private static let deepest = 16

  private let bytes: [UInt8]
  private let end: Int
  private(set) var place: Int

  /// Begins at the first byte of `range`.
  ///
  /// - Precondition: `range` lies within `bytes`.
  init(_ bytes: [UInt8], in range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "\(range)")
    self.bytes = bytes
    (place, end) = (range.lowerBound, range.upperBound)
  }

  /// Whether nothing but space is left.
  mutating func isAtEnd() -> Bool {
    skipSpace()
    return place == end
  }

  /// The next byte; 0, which stands nowhere in plain JSON, at the end.
  private var next: UInt8 { place < end ? bytes[place] : 0 }

  private mutating func skipSpace() {
    while [0x20, 0x09, 0x0A, 0x0D].contains(next) { place += 1 }
  }

  /// Steps over this byte, and space before it, if it comes next.
  private mutating func steps(over byte: UInt8) -> Bool {
    if next <= 0x20 { skipSpace() }
    guard next == byte else { return false }
    place += 1
    return true
  }

  private mutating func step(over byte: UInt8) throws {
    guard steps(over: byte) else { throw UnusualJSON() }
  }

  /// Steps over these letters if they come next.
  private mutating func steps(over word: StaticString) -> Bool {
    if next <= 0x20 { skipSpace() }
    let length = word.utf8CodeUnitCount
    guard end - place >= length else { return false }
    let isThere = word.withUTF8Buffer { letters in
      letters.indices.allSatisfy { bytes[place + $0] == letters[$0] }
    }
    if isThere { place += length }
    return isThere
  }
}

// MARK: - Values

extension JSONCursor {
  mutating func bool() throws -> Bool {
    if steps(over: "true") { return true }
    guard steps(over: "false") else { throw UnusualJSON() }
    return false
  }

  /// What `read` reads, or `nil` for `null`.
  mutating func optional<Value>(
    _ read: (inout JSONCursor) throws -> Value
  ) throws -> Value? {
    steps(over: "null") ? nil : try read(&self)
  }

  mutating func text() throws -> String {
    let place = try letters()
    // By bytes, each of which was seen: only what is not ASCII can be no text.
    guard let text = String(validating: bytes[place], as: UTF8.self) else { throw UnusualJSON() }
    return text
  }

  /// One of the values of `table`, written as text.
  mutating func value<Value>(of table: NameTable<Value>) throws -> Value {
    guard let index = table.index(of: bytes, in: try letters(), from: 0) else {
      throw UnusualJSON()
    }
    return table.values[index]
  }

  /// - Parameter read: Reads an element.
  mutating func array<Element>(
    expecting count: Int, _ read: (inout JSONCursor) throws -> Element
  ) throws -> [Element] {
    var elements: [Element] = []
    try step(over: UInt8(ascii: "["))
    if steps(over: UInt8(ascii: "]")) { return elements }
    elements.reserveCapacity(count)
    repeat { elements.append(try read(&self)) } while steps(over: UInt8(ascii: ","))
    try step(over: UInt8(ascii: "]"))
    return elements
  }

  /// Reads an object, whose keys may stand in any order; those that the table lacks are skipped.
  ///
  /// - Parameters:
  ///   - table: The keys that are known, 64 at most.
  ///   - skipping: Whether other keys may be there.
  ///   - read: Reads the value of a key.
  mutating func object<Key>(
    _ table: NameTable<Key>, skipping: Bool = true,
    _ read: (inout JSONCursor, Key) throws -> Void
  ) throws {
    try step(over: UInt8(ascii: "{"))
    if steps(over: UInt8(ascii: "}")) { return }
    var (expected, seen) = (0, UInt64(0))
    repeat {
      let key = try letters()
      try step(over: UInt8(ascii: ":"))
      guard let index = table.index(of: bytes, in: key, from: expected) else {
        guard skipping else { throw UnusualJSON() }
        try requireASCII(key)
        try skipValue(depth: 0)
        continue
      }
      guard seen & 1 << UInt64(index) == 0 else { throw UnusualJSON() }
      seen |= 1 << UInt64(index)
      expected = index + 1
      try read(&self, table.values[index])
    } while steps(over: UInt8(ascii: ","))
    try step(over: UInt8(ascii: "}"))
  }

  /// Where the letters of a text stand, which has no escapes.
  private mutating func letters() throws -> Range<Int> {
    try step(over: UInt8(ascii: "\""))
    let start = place
    while next != UInt8(ascii: "\"") {
      guard next >= 0x20, next != UInt8(ascii: "\\") else { throw UnusualJSON() }
      place += 1
    }
    place += 1
    return start..<place - 1
  }

  private func requireASCII(_ range: Range<Int>) throws {
    guard range.allSatisfy({ bytes[$0] < 0x80 }) else { throw UnusualJSON() }
  }
}

// MARK: - Numbers

extension JSONCursor {
  mutating func integer() throws -> Int {
    let isNegative = steps(over: UInt8(ascii: "-"))
    let magnitude = try digits()
    guard magnitude <= UInt64(Int.max), magnitude > 0 || !isNegative else { throw UnusualJSON() }
    return isNegative ? -Int(magnitude) : Int(magnitude)
  }

  mutating func unsigned() throws -> UInt64 { try digits() }

  /// A number rounded to the nearest that `Number` has.
  mutating func number<Number: BinaryFloatingPoint>(_ type: Number.Type) throws -> Number {
    let isNegative = steps(over: UInt8(ascii: "-"))
    var decimal = Decimal19(significand: try digits())
    if next == UInt8(ascii: ".") {
      place += 1
      let start = place
      while let digit {
        guard decimal.append(fraction: digit) else { throw UnusualJSON() }
        place += 1
      }
      guard place > start else { throw UnusualJSON() }
    }
    if next | 0x20 == UInt8(ascii: "e") { decimal.exponent += try exponent() }
    guard let magnitude = decimal.rounded(to: type) else { throw UnusualJSON() }
    return isNegative ? -magnitude : magnitude
  }

  private var digit: UInt64? {
    let value = next &- UInt8(ascii: "0")
    return value < 10 ? UInt64(value) : nil
  }

  /// A whole number without a sign and without zeros before it.
  private mutating func digits() throws -> UInt64 {
    if next <= 0x20 { skipSpace() }
    guard let first = digit else { throw UnusualJSON() }
    place += 1
    var value = first
    while let digit, first > 0 {
      let (tenfold, isHuge) = value.multipliedReportingOverflow(by: 10)
      let (sum, isTooLarge) = tenfold.addingReportingOverflow(digit)
      guard !isHuge, !isTooLarge else { throw UnusualJSON() }
      value = sum
      place += 1
    }
    return value
  }

  /// The letter, a sign and at most three digits.
  private mutating func exponent() throws -> Int {
    place += 1
    let isNegative = next == UInt8(ascii: "-")
    if isNegative || next == UInt8(ascii: "+") { place += 1 }
    let start = place
    var value = 0
    while let digit, place - start < 4 {
      value = 10 * value + Int(digit)
      place += 1
    }
    guard 1...3 ~= place - start else { throw UnusualJSON() }
    return isNegative ? -value : value
  }
}

// MARK: - What nobody asked for

extension JSONCursor {
  /// Steps over a value of any kind, as carefully as if it were read.
  private mutating func skipValue(depth: Int) throws {
    guard depth < JSONCursor.deepest else { throw UnusualJSON() }
    if next <= 0x20 { skipSpace() }
    switch next {
    case UInt8(ascii: "{"): try skipObject(depth: depth)
    case UInt8(ascii: "["): try skipArray(depth: depth)
    case UInt8(ascii: "\""): try requireASCII(letters())
    case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try bool()
    case UInt8(ascii: "n"): guard steps(over: "null") else { throw UnusualJSON() }
    default: _ = try number(Double.self)
    }
  }

  private mutating func skipObject(depth: Int) throws {
    try step(over: UInt8(ascii: "{"))
    if steps(over: UInt8(ascii: "}")) { return }
    repeat {
      try requireASCII(letters())
      try step(over: UInt8(ascii: ":"))
      try skipValue(depth: depth + 1)
    } while steps(over: UInt8(ascii: ","))
    try step(over: UInt8(ascii: "}"))
  }

  private mutating func skipArray(depth: Int) throws {
    try step(over: UInt8(ascii: "["))
    if steps(over: UInt8(ascii: "]")) { return }
    repeat { try skipValue(depth: depth + 1) } while steps(over: UInt8(ascii: ","))
    try step(over: UInt8(ascii: "]"))
  }
}
