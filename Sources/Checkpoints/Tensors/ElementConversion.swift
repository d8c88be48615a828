/// Conversions between stored elements and numbers; files are little-endian, as are the machines
/// we run on.
enum ElementConversion {
  /// The elements as single-precision numbers; f64 is rounded.
  ///
  /// - Returns: Nil when `type` is not a floating-point type.
  static func floats(_ bytes: UnsafeRawBufferPointer, as type: ElementType) -> [Float]? {
    switch type {
    case .float32:
      unsafe convert(bytes, as: Float.self) { $0 }
    case .float64:
      unsafe convert(bytes, as: Double.self) { Float($0) }
    case .float16:
      unsafe convert(bytes, as: Float16.self) { Float($0) }
    case .bfloat16:
      unsafe convert(bytes, as: UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case .int64, .int32, .int16, .int8, .uint8, .bool: nil
    }
  }

  /// The elements as integers; booleans as 0 and 1.
  ///
  /// - Returns: Nil when `type` is a floating-point type.
  static func integers(_ bytes: UnsafeRawBufferPointer, as type: ElementType) -> [Int]? {
    switch type {
    case .int64: unsafe convert(bytes, as: Int64.self) { Int($0) }
    case .int32: unsafe convert(bytes, as: Int32.self) { Int($0) }
    case .int16: unsafe convert(bytes, as: Int16.self) { Int($0) }
    case .int8: unsafe convert(bytes, as: Int8.self) { Int($0) }
    case .uint8: unsafe convert(bytes, as: UInt8.self) { Int($0) }
    case .bool: unsafe convert(bytes, as: UInt8.self) { $0 == 0 ? 0 : 1 }
    case .float64, .float32, .float16, .bfloat16: nil
    }
  }

  /// - Precondition: The bytes are a whole number of elements.
  @inline(__always)
  private static func convert<Stored: BitwiseCopyable, Number>(
    _ bytes: UnsafeRawBufferPointer, as stored: Stored.Type, _ number: (Stored) -> Number
  ) -> [Number] {
    let width = MemoryLayout<Stored>.size
    precondition(
      bytes.count.isMultiple(of: width), "\(bytes.count) bytes are no elements of \(width)")
    let count = bytes.count / width
    return unsafe [Number](unsafeUninitializedCapacity: count) { numbers, initializedCount in
      guard let target = numbers.baseAddress, let source = bytes.baseAddress else {
        return
      }
      for i in 0..<count {
        let element = unsafe source.loadUnaligned(fromByteOffset: i &* width, as: Stored.self)
        unsafe (target + i).initialize(to: number(element))
      }
      initializedCount = count
    }
  }

  /// The numbers as they are stored, rounded to nearest, ties to even.
  ///
  /// - Returns: Nil when `type` is not a floating-point type.
  static func stored(_ values: [Float], as type: ElementType) -> [UInt8]? {
    switch type {
    case .float32: bytes(values) { $0 }
    case .float64: bytes(values) { Double($0) }
    case .float16: bytes(values) { Float16($0) }
    case .bfloat16: bytes(values) { bfloat16($0) }
    case .int64, .int32, .int16, .int8, .uint8, .bool: nil
    }
  }

  @inline(__always)
  private static func bytes<Stored: BitwiseCopyable>(
    _ values: [Float], _ stored: (Float) -> Stored
  ) -> [UInt8] {
    let width = MemoryLayout<Stored>.size
    let count = values.count * width
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { bytes, initializedCount in
      guard let target = UnsafeMutableRawPointer(bytes.baseAddress) else { return }
      for i in values.indices {
        unsafe target.storeBytes(of: stored(values[i]), toByteOffset: i &* width, as: Stored.self)
      }
      initializedCount = count
    }
  }

  /// The upper half of a single, rounded to nearest, ties to even; a NaN stays one.
  static func bfloat16(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    guard !value.isNaN else { return UInt16(bits >> 16) | 0x40 }
    // The largest finite pattern plus the rounding term does not overflow.
    return UInt16((bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
  }
}
