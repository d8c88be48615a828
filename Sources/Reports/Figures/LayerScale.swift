/// What the numbers in a map of layers mean, and their colours.
enum LayerScale {
  /// Shares of queries, from 0 to 1.
  case share
  /// One share less another, from −1 to 1.
  case difference

  /// What stands beside the legend.
  var caption: String {
    switch self {
    case .share: "executed, %"
    case .difference: "solved less unsolved, points of %"
    }
  }

  /// In percent, along the legend.
  var ticks: [Int] {
    switch self {
    case .share: [0, 25, 50, 75, 100]
    case .difference: [-100, -50, 0, 50, 100]
    }
  }

  /// Where a value stands along the legend, from 0 to 1.
  func position(_ value: Double) -> Double {
    switch self {
    case .share: value
    case .difference: (value + 1) / 2
    }
  }

  /// The colour at a place of the legend, from 0 to 1.
  func color(at position: Double) -> Color {
    switch self {
    case .share: Palette.sequential(position)
    case .difference: Palette.diverging(2 * position - 1)
    }
  }

  /// In percent, or in signed points of them.
  func text(_ value: Double) -> String {
    let text = NumberFormat.percent(decimals: 0).text(value)
    guard case .difference = self, text != "0" else { return text }
    return value > 0 ? "+" + text : text.replacing("-", with: "−")
  }
}
