internal import Foundation

/// OpenVLA's discretisation: normalised values in [-1, 1] as 256 bins at the vocabulary's end.
package struct ActionTokenizer: Sendable {
  private let binCount: Int
  private let firstUnusedID: Int

  package init(_ configuration: ActionTokenConfiguration) {
    binCount = configuration.binCount
    firstUnusedID = configuration.firstUnusedId
  }

  /// The token of a value; values outside [-1, 1] take the nearest.
  package func token(for value: Double) -> Int {
    let clipped = min(1, max(-1, value))
    let edges = (0..<binCount).map { -1 + 2 * Double($0) / Double(binCount - 1) }
    return firstUnusedID - edges.count { $0 <= clipped }
  }

  /// The centre of a token's bin; other tokens take the nearest bin.
  package func value(of token: Int) -> Float {
    let bin = min(binCount - 2, max(0, firstUnusedID - token - 1))
    return Float(-1 + (2 * Double(bin) + 1) / Double(binCount - 1))
  }
}
