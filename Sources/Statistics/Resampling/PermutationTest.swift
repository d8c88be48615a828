/// Whether paired differences lie about zero: were the two methods alike, each difference could as
/// well have the other sign (Fisher's randomisation test).
package struct PermutationTest: Equatable, Sendable {
  package let p: Double
  /// Whether all signs were tried; otherwise they were drawn.
  package let isExact: Bool
  /// How many choices of signs were looked at, the observed one included.
  package let permutations: Int

  /// How many differences other than 0 have all their signs tried.
  package static let exactLimit = 18

  /// Turns the signs of differences, all of them where there are few.
  ///
  /// The measure of distance is the mean over groups of the mean difference, or where groups are to
  /// count by their size, the mean of all. A group without differences does not count.
  ///
  /// - Parameters:
  ///   - groups: The differences, second less first, of each task.
  ///   - weighting: What the tasks count.
  ///   - draws: How many signs are drawn where not all are tried; the observed ones count once more,
  ///     so that the level is kept.
  package init(
    groups: [[Double]], weighting: GroupWeighting = .equal, alternative: Alternative = .different,
    draws: Int = 10_000, using generator: inout some RandomNumberGenerator
  ) {
    precondition(draws > 0, "\(draws) draws")
    let terms = weighting.terms(groups).filter { $0 != 0 }
    let observed = PermutationTest.measure(Sample(terms).sum, alternative)
    let slack = 1e-12 * terms.reduce(0) { $0 + abs($1) }
    func isExtreme(_ sum: Double) -> Bool {
      PermutationTest.measure(sum, alternative) >= observed - slack
    }
    isExact = terms.count <= PermutationTest.exactLimit
    if isExact {
      permutations = 1 << terms.count
      let extreme = PermutationTest.sums(terms).count(where: isExtreme)
      p = Double(extreme) / Double(permutations)
    } else {
      permutations = draws + 1
      var extreme = 1
      for _ in 0..<draws where isExtreme(PermutationTest.drawn(terms, using: &generator)) {
        extreme += 1
      }
      p = Double(extreme) / Double(permutations)
    }
  }

  private static func measure(_ sum: Double, _ alternative: Alternative) -> Double {
    switch alternative {
    case .different: abs(sum)
    case .higher: sum
    case .lower: -sum
    }
  }

  /// The sums with all choices of signs.
  private static func sums(_ terms: [Double]) -> [Double] {
    terms.reduce([0]) { sums, term in sums.flatMap { [$0 + term, $0 - term] } }
  }

  /// A sum with drawn signs, one bit each.
  private static func drawn(
    _ terms: [Double], using generator: inout some RandomNumberGenerator
  ) -> Double {
    var (sum, bits, left) = (0.0, UInt64(0), 0)
    for term in terms {
      if left == 0 { (bits, left) = (generator.next(), 64) }
      sum += bits & 1 == 0 ? term : -term
      bits >>= 1
      left -= 1
    }
    return sum
  }
}
