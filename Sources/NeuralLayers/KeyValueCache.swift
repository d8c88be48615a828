internal import TensorMath

/// The keys and values that one decoder layer has seen of one sequence.
package struct KeyValueCache: Sendable {
  private(set) var keys: [Float] = []
  private(set) var values: [Float] = []
  /// The tokens that are kept.
  package private(set) var count = 0

  package init() {}

  /// Appends some rows of both.
  mutating func append(keys newKeys: Matrix, values newValues: Matrix, rows: Range<Int>) {
    let part = rows.lowerBound * newKeys.columns..<rows.upperBound * newKeys.columns
    keys.append(contentsOf: newKeys.elements[part])
    values.append(contentsOf: newValues.elements[part])
    count += rows.count
  }
}
