/// The names of some values as bytes: the keys of an object, or the words of an enumeration.
struct NameTable<Value: Sendable>: Sendable {
  /// In the order of their names, in which an encoder of ours writes keys.
  let values: [Value]
  private let names: [[UInt8]]

  /// - Precondition: 64 names at most.
  init(_ values: some Sequence<Value>, name: (Value) -> String) {
    let sorted = values.map { (value: $0, name: Array(name($0).utf8)) }
      .sorted { $0.name.lexicographicallyPrecedes($1.name) }
    precondition(sorted.count <= 64, "\(sorted.count) names")
    self.values = sorted.map(\.value)
    names = sorted.map(\.name)
  }

  /// The place of the name that stands in `range`, looked for from `expected` on and then from the
  /// beginning; `nil` for another name.
  func index(of bytes: [UInt8], in range: Range<Int>, from expected: Int) -> Int? {
    for place in names.indices {
      let index = place + expected < names.count ? place + expected : place + expected - names.count
      if names[index].count == range.count, matches(names[index], bytes, range.lowerBound) {
        return index
      }
    }
    return nil
  }

  private func matches(_ name: [UInt8], _ bytes: [UInt8], _ start: Int) -> Bool {
    for place in name.indices where name[place] != bytes[start + place] { return false }
    return true
  }
}

extension NameTable where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  init() {
    self.init(Value.allCases, name: \.rawValue)
  }
}
