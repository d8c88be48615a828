internal import Foundation

/// A linear axis from 0: round numbers, and where values lie.
struct Axis {
  /// The value at the far end.
  let limit: Double
  let step: Double

  /// Makes an axis that holds `largest` with about `tickCount` round steps.
  init(upTo largest: Double, tickCount: Int) {
    guard largest > 0, largest.isFinite else {
      (limit, step) = (1, 1)
      return
    }
    let rough = largest / Double(tickCount)
    let magnitude = pow(10, floor(log10(rough)))
    let step = ([1, 2, 2.5, 5].first { $0 * magnitude >= rough } ?? 10) * magnitude
    self.step = step
    limit = (largest / step - 1e-9).rounded(.up) * step
  }

  var ticks: [Double] {
    let count = Int((limit / step).rounded())
    return (0...max(1, min(count, 50))).map { Double($0) * step }
  }

  /// From 0 to 1.
  func position(_ value: Double) -> Double { min(1, max(0, value / limit)) }

  /// A tick's number with the digits that its step needs.
  func label(_ tick: Double) -> String {
    // 2.5, 0.25 … need one digit more than their magnitude says.
    let decimals = (0...9).first { places in
      let scaled = step * pow(10, Double(places))
      return abs(scaled - scaled.rounded()) < 1e-6
    }
    return NumberFormat(decimals: decimals ?? 0).text(tick)
  }
}
