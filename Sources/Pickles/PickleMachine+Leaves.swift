internal import Files
internal import Foundation

extension PickleMachine {
  /// The number or constant that an instruction stands for; `nil` for other instructions.
  mutating func number(_ opcode: PickleOpcode) throws(PickleFault) -> PickleValue? {
    switch opcode {
    case .none: PickleValue.none
    case .newtrue: .bool(true)
    case .newfalse: .bool(false)
    case .int, .long: try integerLine()
    case .binint: .int(Int(Int32(truncatingIfNeeded: try unsigned(4))))
    case .binint1: .int(Int(try unsigned(1)))
    case .binint2: .int(Int(try unsigned(2)))
    case .long1: integer(try counted(1))
    case .long4: integer(try counted(4))
    case .float: try floatLine()
    case .binfloat: .float(Double(bitPattern: try unsigned(8).byteSwapped))
    default: nil
    }
  }

  /// The text or bytes that an instruction stands for; `nil` for other instructions.
  mutating func text(_ opcode: PickleOpcode) throws(PickleFault) -> PickleValue? {
    switch opcode {
    case .binunicode: try utf8(counted(4))
    case .shortBinunicode: try utf8(counted(1))
    case .binunicode8: try utf8(counted(8))
    case .unicode: try escapedLine(keepingBackslashPairs: true)
    case .string: try quotedLine()
    // Python 2's strings are bytes; read as Latin-1 they lose nothing.
    case .binstring: .string(latin1(try counted(4)))
    case .shortBinstring: .string(latin1(try counted(1)))
    case .binbytes: .bytes(Array(try counted(4)))
    case .shortBinbytes: .bytes(Array(try counted(1)))
    case .binbytes8, .bytearray8: .bytes(Array(try counted(8)))
    default: nil
    }
  }

  /// A decimal line; "00" and "01" are protocol 0's truth values.
  private mutating func integerLine() throws(PickleFault) -> PickleValue {
    let line = try line()
    if line == "00" || line == "01" { return .bool(line == "01") }
    let digits = line.hasSuffix("L") ? String(line.dropLast()) : line
    if let value = Int(digits) { return .int(value) }
    guard let value = Double(digits), value.isFinite else { throw .wrongOperand("an integer") }
    return .largeInt(value)
  }

  private mutating func floatLine() throws(PickleFault) -> PickleValue {
    guard let value = Double(try line()) else { throw .wrongOperand("a number") }
    return .float(value)
  }

  /// A little-endian two's-complement integer of any length.
  private func integer(_ bytes: ArraySlice<UInt8>) -> PickleValue {
    let isNegative = (bytes.last ?? 0) >= 0x80
    guard bytes.count > 8 else {
      let filled: UInt64 = isNegative ? .max : 0
      return .int(Int(truncatingIfNeeded: bytes.reversed().reduce(filled) { $0 << 8 | UInt64($1) }))
    }
    let magnitude = bytes.reversed().reduce(0.0) { $0 * 256 + Double(isNegative ? ~$1 : $1) }
    return .largeInt(isNegative ? -magnitude - 1 : magnitude)
  }

  private func utf8(_ bytes: ArraySlice<UInt8>) throws(PickleFault) -> PickleValue {
    // Python writes lone surrogates, which are no UTF-8; they become replacement characters.
    .string(String(decoding: bytes, as: UTF8.self))
  }

  private func latin1(_ bytes: ArraySlice<UInt8>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: bytes.map { Unicode.Scalar($0) })
    return String(text)
  }

  /// Protocol 0's Unicode: Latin-1 with `\uXXXX` and `\UXXXXXXXX`, no other escapes.
  private mutating func escapedLine(keepingBackslashPairs: Bool) throws(PickleFault) -> PickleValue
  {
    guard let line = input.line() else { throw .truncated }
    return .string(try PickleEscapes.decode(line, onlyUnicode: keepingBackslashPairs))
  }

  /// Protocol 0's byte string: a Python literal in quotes.
  private mutating func quotedLine() throws(PickleFault) -> PickleValue {
    guard let line = input.line() else { throw .truncated }
    guard line.count >= 2, let quote = line.first, quote == line.last, [0x27, 0x22].contains(quote)
    else { throw .wrongOperand("a quoted string") }
    return .string(try PickleEscapes.decode(line.dropFirst().dropLast(), onlyUnicode: false))
  }
}
