/// What groups of observations count in a mean over all of them.
package enum GroupWeighting: String, CaseIterable, Sendable {
  /// Each group the same, whatever its size: a mean of means.
  case equal
  /// Each observation the same.
  case bySize = "by-size"

  /// The observations, scaled so that their sum is the mean.
  func terms(_ groups: [[Double]]) -> [Double] {
    let filled = groups.filter { !$0.isEmpty }
    let all = filled.reduce(0) { $0 + $1.count }
    return filled.flatMap { group in
      let size = self == .equal ? filled.count * group.count : all
      return group.map { $0 / Double(size) }
    }
  }

  /// The mean; `nil` without observations.
  package func mean(_ groups: [[Double]]) -> Double? {
    groups.allSatisfy(\.isEmpty) ? nil : Sample(terms(groups)).sum
  }
}
