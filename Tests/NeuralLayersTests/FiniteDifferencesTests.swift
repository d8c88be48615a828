import Foundation
import Testing

/// The tool itself: it must know a right gradient from a nearly right one.
@Suite struct FiniteDifferencesTests {
  private let point: [Float] = (0..<40).map { sinf(Float($0)) }

  /// Σ e^x x², in 32 bits but for the sum.
  private func function(_ values: [Float]) -> Double {
    values.reduce(0) { $0 + Double(expf($1) * $1 * $1) }
  }

  private var gradient: [Float] { point.map { expf($0) * ($0 * $0 + 2 * $0) } }

  @Test("the gradient of a smooth function in 32 bits is confirmed to a hundred thousandth")
  func confirms() {
    #expect(FiniteDifferences().error(of: gradient, at: point, function) < 1e-5)
  }

  @Test("one wrong number among many is found, large or small", arguments: [3, 17, 25])
  func finds(index: Int) {
    var wrong = gradient
    wrong[index] += 0.01
    #expect(FiniteDifferences().error(of: wrong, at: point, function) > 1e-4)
  }

  @Test("zeros are right for what nothing depends on, and for nothing else")
  func zeros() {
    let zeros = [Float](repeating: 0, count: point.count)
    #expect(FiniteDifferences().error(of: zeros, at: point) { _ in 3 } == 0)
    #expect(FiniteDifferences().error(of: zeros, at: point, function) > 1)
  }
}
