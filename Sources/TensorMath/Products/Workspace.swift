/// Memory that products use while they run; it grows to what was needed most and is used again.
package struct Workspace: Sendable {
  private var bytes: [UInt8] = []
  /// Products of bytes before their scales are applied.
  var firstSums: [Float] = []
  var secondSums: [Float] = []
  /// Factors rounded for one product.
  var leftHalves: [UInt16] = []
  var rightHalves: [UInt16] = []

  package init() {}

  /// Runs `body` with `count` bytes at a multiple of 64.
  mutating func withBytes<Result>(
    _ count: Int, _ body: (UnsafeMutableRawPointer?) -> Result
  ) -> Result {
    let alignment = 64
    bytes.grow(to: count + alignment)
    return unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe body(buffer.baseAddress?.alignedUp(toMultipleOf: alignment))
    }
  }
}

extension Array where Element: BitwiseCopyable & AdditiveArithmetic {
  /// Makes the array at least `count` long; what it held is lost when it has to grow.
  mutating func grow(to count: Int) {
    if self.count < count { self = Array(repeating: .zero, count: count) }
  }
}
