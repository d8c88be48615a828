import Statistics
import Testing

@Suite struct `Drawing again` {
  struct Flip: Decodable {
    let groups: [[Double]]
    let different: Double
    let higher: Double
    let lower: Double
  }

  /// Ends that the intervals of all possible draws have.
  struct Redrawn: Decodable {
    let kind: String
    let groups: [[Value]]
    let lower: Double
    let upper: Double

    var numbers: [[Double]] { groups.map { $0.map(\.numbers[0]) } }

    var clusters: [[ClusterBootstrap.Cluster]] {
      groups.map { $0.map { .init(sum: $0.numbers[0], weight: $0.numbers[1]) } }
    }
  }

  /// A number or a list of them.
  struct Value: Decodable {
    let numbers: [Double]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        numbers = [number]
      } else {
        numbers = try container.decode([Double].self)
      }
    }
  }

  @Test func `turning all signs has scipy's p-values`() throws {
    let cases = try Reference.cases("signFlips", as: Flip.self)
    #expect(cases.count >= 20)
    for expected in cases {
      func p(_ alternative: Alternative) -> Double {
        var generator = Congruence(state: 1)
        let test = PermutationTest(
          groups: expected.groups, alternative: alternative, using: &generator)
        #expect(test.isExact)
        return test.p
      }
      #expect(near(p(.different), expected.different, 1e-12), "\(expected.groups)")
      #expect(near(p(.higher), expected.higher, 1e-12), "\(expected.groups)")
      #expect(near(p(.lower), expected.lower, 1e-12), "\(expected.groups)")
    }
  }

  @Test func `drawn signs come near McNemar's exact test, which they are on pairs of yes and no`() {
    var generator = Congruence(state: 4)
    let differences = [Double](repeating: 1, count: 31) + [Double](repeating: -1, count: 16)
    let test = PermutationTest(
      groups: [differences + [0, 0, 0]], draws: 20_000, using: &generator)
    #expect(!test.isExact && test.permutations == 20_001)
    #expect(abs(test.p - McNemarTest.exactP(onlyFirst: 16, onlySecond: 31)) < 0.005)
    var again = Congruence(state: 4)
    let same = PermutationTest(groups: [differences + [0, 0, 0]], draws: 20_000, using: &again)
    #expect(test == same)
  }

  @Test func `tasks count the same or by their size`() {
    let groups = [[1.0, 1, 1, 1], [-1], []]
    #expect(GroupWeighting.equal.mean(groups) == 0)
    #expect(near(GroupWeighting.bySize.mean(groups) ?? 0, 0.6, 1e-15))
    #expect(GroupWeighting.equal.mean([[], []]) == nil)
  }

  @Test func `has the intervals of all possible draws`() throws {
    let cases = try Reference.cases("redrawn", as: Redrawn.self)
    #expect(Dictionary(grouping: cases, by: \.kind).values.allSatisfy { $0.count >= 20 })
    #expect(cases.count >= 100)
    for expected in cases {
      var generator = Congruence(state: 11)
      let found = try #require(interval(expected, using: &generator))
      #expect(
        near([found.lower, found.upper], [expected.lower, expected.upper]),
        "\(expected.kind) \(expected.groups)")
    }
  }

  private func interval(
    _ expected: Redrawn, using generator: inout Congruence
  ) -> BootstrapInterval? {
    let (numbers, draws) = (expected.numbers, 20_000)
    return switch expected.kind {
    case "paired": PairedBootstrap.interval(groups: numbers, draws: draws, using: &generator)
    case "bySize":
      PairedBootstrap.interval(
        groups: numbers, weighting: .bySize, draws: draws, using: &generator)
    case "interquartile":
      TaskScores(numbers).interval(of: \.interquartileMean, draws: draws, using: &generator)
    case "improvement":
      TaskScores([numbers[0]]).improvementInterval(
        over: TaskScores([numbers[1]]), draws: draws, using: &generator)
    default:
      ClusterBootstrap.interval(groups: expected.clusters, draws: draws, using: &generator)
    }
  }

  @Test func `whole episodes vary more than their steps would`() throws {
    // Each episode uses a layer always or never.
    let episodes = (0..<20).map { [Double](repeating: $0 < 10 ? 1 : 0, count: 8) }
    var generator = Congruence(state: 2)
    let whole = try #require(
      ClusterBootstrap.interval(
        groups: [episodes.map { .init($0) }], using: &generator))
    let steps = try #require(
      PairedBootstrap.interval(groups: [episodes.flatMap(\.self)], using: &generator))
    #expect(whole.upper - whole.lower > 2 * (steps.upper - steps.lower))
    #expect(ClusterBootstrap.ratio(episodes.map { .init($0) }) == 0.5)
    #expect(ClusterBootstrap.ratio([.init([])]) == nil)
  }
}
