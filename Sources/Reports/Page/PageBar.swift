internal import Foundation

/// Small bars beside numbers, which are what is read out.
enum PageBar {
  /// A share with its interval as a whisker.
  static func share(_ proportion: Proportion) -> Markup {
    let interval =
      proportion.lower.flatMap { lower in
        proportion.upper.map { (lower, $0) }
      } ?? (proportion.rate, proportion.rate)
    return bar(
      "--v:\(percent(proportion.rate));--a:\(percent(interval.0));--b:\(percent(interval.1))",
      class: "bar share")
  }

  /// A cost against the largest of its column.
  static func cost(_ value: Double, of largest: Double) -> Markup {
    guard largest > 0 else { return .none }
    return bar("--v:\(percent(value / largest))", class: "bar cost")
  }

  /// The number beside a bar, as wide in every row, so that bars stand below one another.
  static func value(_ content: [Markup]) -> Markup {
    Markup("span", ["class": "value"], content)
  }

  private static func bar(_ style: String, class name: String) -> Markup {
    Markup("span", ["class": name, "style": style, "aria-hidden": "true"], [])
  }

  private static func percent(_ share: Double) -> String {
    String(format: "%.2f%%", 100 * min(1, max(0, share)))
  }
}
