import Statistics
import Testing

@Suite struct `Several questions at once` {
  struct Case: Decodable {
    let values: [Double]
    let holm: [Double]
    let benjaminiHochberg: [Double]
  }

  @Test func `have statsmodels' and scipy's adjusted p-values, in the given order`() throws {
    let cases = try Reference.cases("multiplicity", as: Case.self)
    #expect(cases.count >= 20)
    for expected in cases {
      #expect(near(Multiplicity.holm(expected.values), expected.holm, 1e-12))
      #expect(
        near(Multiplicity.benjaminiHochberg(expected.values), expected.benjaminiHochberg, 1e-12))
    }
  }

  @Test func `never become more certain by being asked together`() {
    let values = [0.001, 0.2, 0.012, 0.04, 0.7]
    #expect(zip(Multiplicity.holm(values), values).allSatisfy { $0 >= $1 })
    #expect(zip(Multiplicity.benjaminiHochberg(values), values).allSatisfy { $0 >= $1 })
    #expect(
      zip(Multiplicity.holm(values), Multiplicity.benjaminiHochberg(values)).allSatisfy { $0 >= $1 }
    )
  }
}
