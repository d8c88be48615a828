/// How a tensor's elements are stored; the raw value is safetensors' name.
package enum ElementType: String, CaseIterable, Sendable {
  case float64 = "F64"
  case float32 = "F32"
  case float16 = "F16"
  /// The upper half of an IEEE single.
  case bfloat16 = "BF16"
  case int64 = "I64"
  case int32 = "I32"
  case int16 = "I16"
  case int8 = "I8"
  case uint8 = "U8"
  /// One byte: 0 or 1.
  case bool = "BOOL"

  /// The size of one element in bytes.
  package var byteCount: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16, .int16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  package var isFloatingPoint: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16: true
    case .int64, .int32, .int16, .int8, .uint8, .bool: false
    }
  }

  /// The bytes of a tensor of `shape`; nil when the number does not fit `Int` or a side is
  /// negative.
  package func byteCount(ofShape shape: [Int]) -> Int? {
    var total = byteCount
    // A zero side makes the product zero; the other sides must be sound all the same.
    for side in shape {
      let (product, overflow) = total.multipliedReportingOverflow(by: side)
      guard side >= 0, !overflow else { return nil }
      total = product
    }
    return total
  }
}
