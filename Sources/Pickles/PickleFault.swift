/// Why a pickle cannot be read.
package enum PickleFault: Error, Equatable {
  case truncated
  case forbidden(PickleGlobal)
  case unknownOpcode(UInt8)
  case unsupported(String)
  case stackUnderflow
  case missingMemo(Int)
  case wrongOperand(String)
  case tooManyValues(limit: Int)
  case tooDeep(limit: Int)
  case selfReference
  case badArray(String)

  /// The end of a sentence that begins with the file's name.
  package var explanation: String {
    switch self {
    case .truncated: "ends too early or states a length beyond its end"
    case .forbidden(let global):
      "names '\(global)', which is not on the list of harmless classes; nothing was run"
    case .unknownOpcode(let code): "holds the unknown instruction \(code)"
    case .unsupported(let what): "uses \(what), which is not supported"
    case .stackUnderflow: "takes a value from an empty stack"
    case .missingMemo(let key): "refers to the value \(key), which it never stored"
    case .wrongOperand(let what): "applies \(what) to a value of another kind"
    case .tooManyValues(let limit): "holds more than \(limit) values"
    case .tooDeep(let limit): "nests values more than \(limit) deep"
    case .selfReference: "holds a value that contains itself"
    case .badArray(let what): "holds a NumPy array \(what)"
    }
  }
}

/// How much a pickle may hold.
package struct PickleLimits: Sendable {
  /// Bytes of the file.
  package var byteCount = 256 << 20
  /// Values made while reading.
  package var valueCount = 4_000_000
  /// Values in the result, a shared value counted wherever it appears.
  package var expandedCount = 50_000_000
  /// Containers within containers.
  package var depth = 100

  package init() {}
}
