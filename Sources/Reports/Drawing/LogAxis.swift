internal import Foundation

/// A logarithmic axis between two round numbers.
struct LogAxis {
  let lowest: Double
  let highest: Double

  /// Makes an axis that holds all values; those that are not positive do not count.
  init(holding values: some Sequence<Double>) {
    var (smallest, largest) = (Double.infinity, 0.0)
    for value in values where value > 0 && value.isFinite {
      smallest = min(smallest, value)
      largest = max(largest, value)
    }
    guard largest > 0 else {
      (lowest, highest) = (0.1, 1)
      return
    }
    lowest = LogAxis.round(max(smallest, largest * 1e-6), .down)
    let top = LogAxis.round(largest, .up)
    highest = top > lowest ? top : lowest * 10
  }

  /// 1, 2 and 5 times the powers of ten, or where there are many of these the powers alone.
  var ticks: [Double] {
    let decades = Int(log10(lowest).rounded(.down))...Int(log10(highest).rounded(.up))
    let digits: [Double] = decades.count > 4 ? [1] : [1, 2, 5]
    return decades.flatMap { decade in digits.map { $0 * pow(10, Double(decade)) } }
      .filter { $0 > lowest * 0.999 && $0 < highest * 1.001 }
  }

  /// From 0 to 1; values beyond an end lie at the end.
  func position(_ value: Double) -> Double {
    guard value > lowest else { return 0 }
    return min(1, log(value / lowest) / log(highest / lowest))
  }

  func label(_ tick: Double) -> String {
    let decimals = max(0, -Int(log10(tick).rounded(.down)))
    return NumberFormat(decimals: min(9, decimals)).text(tick)
  }

  /// The next of 1, 2 and 5 times a power of ten.
  private static func round(_ value: Double, _ rule: FloatingPointRoundingRule) -> Double {
    let power = pow(10, log10(value).rounded(.down))
    let digits = [1.0, 2, 5, 10].map { $0 * power }
    return rule == .down
      ? digits.last { $0 <= value * 1.000001 } ?? power
      : digits.first { $0 >= value * 0.999999 } ?? 10 * power
  }
}
