/// Where one number of a configuration came from.
package enum DetailOrigin: Equatable, Sendable, CustomStringConvertible {
  /// A key of a file in the checkpoint's folder.
  case key(String, file: String)
  /// What the named library or publication uses where the files say nothing.
  case standard(String)
  /// The layout leaves no choice.
  case layout
  /// The shape of the tensor, or that it is there.
  case tensor(String)
  /// The tokenizer's vocabulary.
  case tokenizer
  /// An assignment of who runs the program.
  case setting

  package var description: String {
    switch self {
    case .key(let key, let file): "\(file): \(key)"
    case .standard(let source): "default of \(source)"
    case .layout: "the layout"
    case .tensor(let name): "tensor \(name)"
    case .tokenizer: "tokenizer"
    case .setting: "--set"
    }
  }
}

/// A value and where it was found.
struct Found<Value> {
  let value: Value
  let origin: DetailOrigin

  static func standard(_ value: Value, of source: String) -> Found {
    Found(value: value, origin: .standard(source))
  }

  func map<Other>(_ change: (Value) throws -> Other) rethrows -> Found<Other> {
    Found<Other>(value: try change(value), origin: origin)
  }
}

/// Remembers the origin of each detail, by the detail's path in our own configuration, while a
/// published one is translated.
struct DetailLog {
  private(set) var origins: [String: DetailOrigin] = [:]

  /// - Returns: The value.
  mutating func take<Value>(_ detail: String, _ found: Found<Value>) -> Value {
    note(found, at: detail)
    return found.value
  }

  /// As `take`, for a value that is used apart.
  mutating func note<Value>(_ found: Found<Value>, at detail: String) {
    origins[detail] = found.origin
  }
}
