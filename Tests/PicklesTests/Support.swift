import Foundation
import Pickles
import Testing

/// The bytes of a file that `Scripts/fixtures/pickles.py` wrote.
func pickle(_ name: String) throws -> [UInt8] {
  let root = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
  return [UInt8](try Data(contentsOf: root.appendingPathComponent("pickles/\(name)")))
}

extension PickleValue {
  /// A text that shows the value wholly; arrays as their shape and C-order elements.
  var shown: String {
    switch self {
    case .none: "None"
    case .bool(let value): value ? "True" : "False"
    case .int(let value): "\(value)"
    case .largeInt(let value): "~\(value)"
    case .float(let value): "\(value)"
    case .string(let text): "'\(text)'"
    case .bytes(let bytes): "bytes\(bytes)"
    case .list(let items): "[\(items.map(\.shown).joined(separator: ", "))]"
    case .tuple(let items): "(\(items.map(\.shown).joined(separator: ", ")))"
    case .set(let items): "{\(items.map(\.shown).joined(separator: ", "))}"
    case .dict(let entries):
      "{\(entries.map { "\($0.key.shown): \($0.value.shown)" }.joined(separator: ", "))}"
    case .array(let array): "array\(array.shape)\(array.doubles)"
    case .elementType(let type): "\(type)"
    case .global(let global): "\(global)"
    case .external(let description): "<\(description.shown)>"
    case .object(let object): "\(object.type)(\(object.state?.shown ?? ""))"
    }
  }
}
