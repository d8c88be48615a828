/// What a check says of the candidate.
package enum Verdict: String, Codable, CaseIterable, Sendable {
  /// Worse, and not shown to be within the margin.
  case regressed
  /// At most the margin worse.
  case notWorse = "not_worse"
  case better
  /// The episodes do not suffice.
  case cannotTell = "cannot_tell"
  /// It makes no sense here; the finding says why.
  case notJudged = "not_judged"

  /// As it stands in a table.
  package var text: String { rawValue.replacing("_", with: " ") }

  /// The verdict on a cost of which the less the better, from the interval of its growth.
  ///
  /// It has regressed where the whole interval lies beyond the margin, and is not worse where the
  /// whole lies within.
  static func ofCost(_ growth: ClosedRange<Double>, margin: Double) -> Verdict {
    if growth.upperBound < 0 { return .better }
    if growth.lowerBound > margin { return .regressed }
    return growth.upperBound <= margin ? .notWorse : .cannotTell
  }

  /// The verdict on a rate or an error.
  ///
  /// - Parameters:
  ///   - gain: How much better the candidate is; negative where it is worse.
  ///   - differs: Whether that is no chance, other tasks' chances considered.
  ///   - isWithinMargin: Whether a loss of the margin or more is ruled out.
  static func ofGain(_ gain: Double, differs: Bool, isWithinMargin: Bool) -> Verdict {
    if differs, gain > 0 { return .better }
    if isWithinMargin { return .notWorse }
    return differs && gain < 0 ? .regressed : .cannotTell
  }
}
