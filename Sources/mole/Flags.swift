import ArgumentParser
import Demonstrations
import Manipulation
import Outcomes
import Reports
import TensorMath

/// Names with commas between; spaces around them do not count.
struct NameList: ExpressibleByArgument {
  var names: [String]

  init(_ names: [String]) {
    self.names = names
  }

  init?(argument: String) {
    names = argument.split(separator: ",", omittingEmptySubsequences: false).map { name in
      String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
    guard !names.contains("") else { return nil }
  }

  var defaultValueDescription: String { names.joined(separator: ",") }
}

/// Checks that a flag's number is in its range.
///
/// - Throws: `ValidationError` with the flag's name and the value.
func check<Value>(_ flag: String, _ value: Value, in range: ClosedRange<Value>) throws {
  guard range.contains(value) else {
    throw ValidationError(
      "'\(flag)' must be in \(range.lowerBound)...\(range.upperBound), but is \(value).")
  }
}

/// Checks the share of episodes that are held back, which must leave some.
func check(validShare valid: Double) throws {
  guard valid >= 0, valid < 1 else {
    throw ValidationError("'--valid' must be at least 0 and below 1, but is \(valid).")
  }
}

extension TableFormat: ExpressibleByArgument {}
extension ProductType: ExpressibleByArgument {}
extension Wording: ExpressibleByArgument {}
extension EvaluationMode: ExpressibleByArgument {}
extension DemonstrationSplit: ExpressibleByArgument {}

extension ProductType {
  /// The same by the network's names.
  var precision: Precision {
    switch self {
    case .f32: .float32
    case .bf16: .bfloat16
    case .int8: .int8
    }
  }
}
