import RealModule

// Conversions of one row between the element types that products read and 32-bit floats.

/// Rounds to the nearest bfloat16, ties to even; a NaN stays one.
func roundToBFloat16(_ source: Span<Float>, into target: inout MutableSpan<UInt16>) {
  precondition(source.count == target.count, "\(source.count) values into \(target.count)")
  for index in source.indices {
    let bits = source[index].bitPattern
    let rounded = (bits &+ 0x7FFF &+ (bits &>> 16 & 1)) &>> 16
    let isNaN = bits & 0x7FFF_FFFF > 0x7F80_0000
    target[index] = UInt16(truncatingIfNeeded: isNaN ? bits &>> 16 | 0x40 : rounded)
  }
}

/// Quantises a row to −127...127 around 0, as `mole checkpoint quantize` does.
///
/// - Returns: The scale: a value is about its byte times this; NaN where a value is not finite.
func quantizeRow(_ source: Span<Float>, into target: inout MutableSpan<Int8>) -> Float {
  precondition(source.count == target.count, "\(source.count) values into \(target.count)")
  // Compared as bits, where a NaN is larger than every number and so is not overlooked.
  var largest: UInt32 = 0
  for index in source.indices {
    let bits = source[index].magnitude.bitPattern
    largest = bits > largest ? bits : largest
  }
  let scale = Float(bitPattern: largest) / 127
  guard scale > 0, scale.isFinite else {
    for index in target.indices { target[index] = 0 }
    return scale == 0 ? 0 : .nan
  }
  // Adding 1.5 · 2²³ rounds to the nearest whole number, ties to even, and leaves it in the lowest
  // bits.
  let magic: Float = 12_582_912
  for index in source.indices {
    let shifted = source[index] / scale + magic
    target[index] = Int8(truncatingIfNeeded: shifted.bitPattern)
  }
  return scale
}

extension StoredElement {
  /// The elements from `start` on as 32-bit floats, without their scale.
  func decode(_ bytes: RawSpan, from start: Int, into target: inout MutableSpan<Float>) {
    let count = target.count
    let part = bytes.extracting(start * byteCount..<(start + count) * byteCount)
    switch self {
    case .float32:
      for index in target.indices {
        target[index] = Float(bitPattern: part.load32(index))
      }
    case .bfloat16:
      for index in target.indices {
        target[index] = Float(bitPattern: UInt32(part.load16(index)) &<< 16)
      }
    case .float16:
      for index in target.indices { target[index] = Float(Float16(bitPattern: part.load16(index))) }
    case .float64:
      for index in target.indices { target[index] = Float(part.load64(index)) }
    case .int8:
      for index in target.indices { target[index] = Float(part.load8(index)) }
    }
  }
}

extension RawSpan {
  @inline(__always)
  fileprivate func load64(_ index: Int) -> Double {
    let bits = unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: index &* 8, as: UInt64.self)
    return Double(bitPattern: bits)
  }

  @inline(__always)
  fileprivate func load32(_ index: Int) -> UInt32 {
    unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: index &* 4, as: UInt32.self)
  }

  @inline(__always)
  fileprivate func load16(_ index: Int) -> UInt16 {
    unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: index &* 2, as: UInt16.self)
  }

  @inline(__always)
  fileprivate func load8(_ index: Int) -> Int8 {
    unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: Int8.self)
  }
}
