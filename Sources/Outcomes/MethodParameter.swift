/// The value of a method's parameter: in JSON a number, a list of numbers, or text.
package enum MethodParameter: Equatable, Sendable {
  case number(Double)
  case numbers([Double])
  case text(String)
}

extension MethodParameter: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let numbers = try? container.decode([Double].self) {
      self = .numbers(numbers)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  /// A number that JSON cannot hold (an infinite threshold) is written as text.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let value) where value.isFinite: try container.encode(value)
    case .number(let value): try container.encode("\(value)")
    case .numbers(let values) where values.allSatisfy(\.isFinite): try container.encode(values)
    case .numbers(let values):
      try container.encode(values.map { "\($0)" }.joined(separator: ", "))
    case .text(let text): try container.encode(text)
    }
  }
}
