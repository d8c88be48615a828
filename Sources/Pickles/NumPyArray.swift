/// What the elements of a NumPy array are.
package struct NumPyElementType: Equatable, Sendable {
  package enum Kind: String, Sendable {
    case bool = "b"
    case signed = "i"
    case unsigned = "u"
    case float = "f"
  }

  package var kind: Kind
  /// Bytes of one element.
  package var width: Int
  package var isBigEndian: Bool

  /// - Parameters:
  ///   - code: Kind and width, such as `f8`.
  ///   - byteOrder: `<`, `>`, `|` or `=`.
  init(code: String, byteOrder: String) throws(PickleFault) {
    guard let letter = code.first, let kind = Kind(rawValue: String(letter)),
      let width = Int(code.dropFirst()), kind.widths.contains(width),
      ["<", ">", "|", "="].contains(byteOrder)
    else { throw .unsupported("NumPy's element type '\(byteOrder)\(code)'") }
    (self.kind, self.width, self.isBigEndian) = (kind, width, byteOrder == ">")
  }
}

extension NumPyElementType.Kind {
  fileprivate var widths: [Int] {
    switch self {
    case .bool: [1]
    case .signed, .unsigned: [1, 2, 4, 8]
    case .float: [2, 4, 8]
    }
  }
}

/// A NumPy array as its bytes and how to read them.
package struct NumPyArray: Sendable {
  package let type: NumPyElementType
  package let shape: [Int]
  /// The product of the shape; 1 for a scalar.
  package let count: Int
  private let inFortranOrder: Bool
  private let bytes: [UInt8]

  /// - Throws: `PickleFault.badArray` when the bytes are not those of the shape.
  init(type: NumPyElementType, shape: [Int], inFortranOrder: Bool, bytes: [UInt8])
    throws(PickleFault)
  {
    var byteCount = type.width
    for length in shape {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: length)
      guard length >= 0, !overflow else { throw .badArray("of the impossible shape \(shape)") }
      byteCount = product
    }
    guard byteCount == bytes.count else {
      throw .badArray("of shape \(shape) with \(bytes.count) instead of \(byteCount) bytes")
    }
    (self.type, self.shape, self.count) = (type, shape, byteCount / type.width)
    (self.inFortranOrder, self.bytes) = (inFortranOrder, bytes)
  }

  /// The elements in C order (last index fastest), as doubles.
  package var doubles: [Double] {
    guard inFortranOrder, shape.count > 1 else { return (0..<count).map(element) }
    var result: [Double] = []
    result.reserveCapacity(count)
    for index in 0..<count { result.append(element(fortranOffset(ofCIndex: index))) }
    return result
  }

  /// Where the element with the C-order index `index` lies in Fortran order.
  private func fortranOffset(ofCIndex index: Int) -> Int {
    var (rest, offset, strideOfAxis) = (index, 0, count)
    for length in shape.reversed() {
      strideOfAxis /= length
      offset += rest % length * strideOfAxis
      rest /= length
    }
    return offset
  }

  private func element(_ index: Int) -> Double {
    let slice = bytes[index * type.width..<(index + 1) * type.width]
    let bits = type.isBigEndian ? UInt64(bigEndian: slice) : UInt64(bigEndian: slice.reversed())
    return switch (type.kind, type.width) {
    case (.bool, _): bits == 0 ? 0 : 1
    case (.unsigned, _): Double(bits)
    case (.signed, let width): Double(signExtended(bits, width: width))
    case (.float, 2): Double(Float16(bitPattern: UInt16(bits)))
    case (.float, 4): Double(Float(bitPattern: UInt32(bits)))
    case (.float, _): Double(bitPattern: bits)
    }
  }

  private func signExtended(_ bits: UInt64, width: Int) -> Int64 {
    let shift = UInt64(64 - 8 * width)
    return Int64(bitPattern: bits << shift) >> Int64(shift)
  }
}

extension UInt64 {
  /// The number whose bytes, most significant first, are `bytes`.
  fileprivate init(bigEndian bytes: some Sequence<UInt8>) {
    self = bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }
}
