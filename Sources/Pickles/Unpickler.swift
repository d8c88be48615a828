internal import Files

/// Reads Python pickles of the protocols 0 to 5 without running anything.
///
/// A pickle is a program for a stack machine. This machine knows the instructions that build
/// values and, instead of importing what a pickle names, compares the name with a short list
/// (`PickleVocabulary`); any other name is an error. Values are inert data.
package enum Unpickler {
  /// - Parameters:
  ///   - vocabulary: What the pickle may name.
  ///   - limits: How much the pickle may hold.
  /// - Throws: `PickleFault`.
  package static func load(
    _ bytes: [UInt8], vocabulary: PickleVocabulary = .numPy, limits: PickleLimits = PickleLimits()
  ) throws(PickleFault) -> PickleValue {
    guard bytes.count <= limits.byteCount else {
      throw .unsupported("more than \(limits.byteCount) bytes")
    }
    var machine = PickleMachine(
      input: ByteCursor(bytes[...]), vocabulary: vocabulary, limits: limits)
    return try machine.run()
  }
}

/// The stack machine.
struct PickleMachine {
  var input: ByteCursor
  var arena: PickleArena
  var stack: [Int] = []
  /// Heights of the stack at which marks lie.
  var marks: [Int] = []
  var memo: [Int: Int] = [:]
  let limits: PickleLimits

  init(input: ByteCursor, vocabulary: PickleVocabulary, limits: PickleLimits) {
    self.input = input
    self.limits = limits
    arena = PickleArena(limits: limits, vocabulary: vocabulary)
  }

  mutating func run() throws(PickleFault) -> PickleValue {
    while true {
      let code = try byte()
      guard let opcode = PickleOpcode(rawValue: code) else { throw .unknownOpcode(code) }
      if opcode == .stop { return try arena.value(of: pop()) }
      try execute(opcode)
    }
  }

  private mutating func execute(_ opcode: PickleOpcode) throws(PickleFault) {
    if let leaf = try number(opcode) {
      try push(.leaf(leaf))
    } else if let leaf = try text(opcode) {
      try push(.leaf(leaf))
    } else if try !container(opcode), try !memory(opcode), try !object(opcode) {
      throw .unsupported("the instruction '\(opcode)'")
    }
  }

  // MARK: Stack

  mutating func push(_ node: PickleArena.Node) throws(PickleFault) {
    stack.append(try arena.add(node))
  }

  mutating func push(index: Int) throws(PickleFault) {
    stack.append(index)
    try checkCount(stack.count)
  }

  mutating func pushMark() throws(PickleFault) {
    marks.append(stack.count)
    try checkCount(marks.count)
  }

  func checkCount(_ count: Int) throws(PickleFault) {
    guard count <= limits.valueCount else { throw .tooManyValues(limit: limits.valueCount) }
  }

  mutating func pop() throws(PickleFault) -> Int {
    guard stack.count > (marks.last ?? 0), let top = stack.popLast() else { throw .stackUnderflow }
    return top
  }

  func top() throws(PickleFault) -> Int {
    guard stack.count > (marks.last ?? 0), let top = stack.last else { throw .stackUnderflow }
    return top
  }

  /// Removes the values above the last mark, and the mark.
  mutating func popToMark() throws(PickleFault) -> [Int] {
    guard let height = marks.popLast() else { throw .stackUnderflow }
    defer { stack.removeSubrange(height...) }
    return Array(stack[height...])
  }

  // MARK: Input

  mutating func byte() throws(PickleFault) -> UInt8 {
    guard let byte = input.byte() else { throw .truncated }
    return byte
  }

  mutating func unsigned(_ byteCount: Int) throws(PickleFault) -> UInt64 {
    guard let value = input.unsigned(byteCount: byteCount) else { throw .truncated }
    return value
  }

  /// Bytes preceded by their count, which itself takes `byteCount` bytes.
  mutating func counted(_ byteCount: Int) throws(PickleFault) -> ArraySlice<UInt8> {
    guard let count = input.count(byteCount: byteCount), let slice = input.take(count) else {
      throw .truncated
    }
    return slice
  }

  mutating func line() throws(PickleFault) -> String {
    guard let line = input.line() else { throw .truncated }
    return String(decoding: line, as: UTF8.self)
  }
}
