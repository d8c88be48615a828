/// Counts multiply-accumulates where they are executed.
///
/// Every matrix product adds its own; norms, activations, softmax and rotary embedding are left
/// out, as in the field's tables (together below 0.5 % of a 7-billion-parameter layer).
package struct MACCounter: Sendable {
  package private(set) var count = 0

  package init() {}

  package mutating func add(_ multiplyAccumulates: Int) {
    count += multiplyAccumulates
  }
}
