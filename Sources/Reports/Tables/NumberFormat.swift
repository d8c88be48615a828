internal import Foundation

/// How a number is shown to a person; files of data hold the number itself.
package struct NumberFormat: Equatable, Sendable {
  /// What the number is multiplied by before it is shown.
  package var scale: Double
  package var decimals: Int

  package init(scale: Double = 1, decimals: Int) {
    self.scale = scale
    self.decimals = decimals
  }

  package static let integer = NumberFormat(decimals: 0)

  /// A share from 0 to 1 as percent.
  package static func percent(decimals: Int = 1) -> NumberFormat {
    NumberFormat(scale: 100, decimals: decimals)
  }

  package func text(_ value: Double) -> String {
    let text = String(format: "%.*f", decimals, value * scale)
    return text.contains { ("1"..."9").contains($0) } ? text : text.replacing("-", with: "")
  }
}

/// The prefix that keeps a column of counts or seconds short, chosen by its largest value.
struct UnitPrefix: Equatable {
  /// Such as `G` or `m`.
  var symbol: String
  /// What a value in the base unit is multiplied by.
  var scale: Double
  var decimals: Int

  /// For counts such as MACs: none, k, M, G, T.
  static func large(_ values: some Sequence<Double>) -> UnitPrefix {
    let steps: [(String, Double)] = [("", 1), ("k", 1e-3), ("M", 1e-6), ("G", 1e-9), ("T", 1e-12)]
    return fitting(values, steps: steps, upTo: 10_000)
  }

  /// For seconds: µ, m, none.
  static func small(_ values: some Sequence<Double>) -> UnitPrefix {
    fitting(values, steps: [("µ", 1e6), ("m", 1e3), ("", 1)], upTo: 1000)
  }

  /// The first step at which the largest value is below `limit`.
  private static func fitting(
    _ values: some Sequence<Double>, steps: [(symbol: String, scale: Double)], upTo limit: Double
  ) -> UnitPrefix {
    let largest = values.max() ?? 0
    let step = steps.first { largest * $0.scale < limit } ?? steps[steps.count - 1]
    let shown = largest * step.scale
    let decimals = shown < 10 ? 3 : shown < 100 ? 2 : shown < 10_000 ? 1 : 0
    return UnitPrefix(symbol: step.symbol, scale: step.scale, decimals: decimals)
  }

  var format: NumberFormat { NumberFormat(scale: scale, decimals: decimals) }
}
