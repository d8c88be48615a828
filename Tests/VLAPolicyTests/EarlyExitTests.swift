import Testing
import VLAPolicy

@Suite struct EarlyExitTests {
  @Test("exits come every so many layers, the last layer included")
  func exits() {
    #expect(ExitRule.exits(every: 2, depth: 6) == [2, 4, 6])
    #expect(ExitRule.exits(every: 4, depth: 6) == [4, 6])
    #expect(ExitRule.exits(every: 6, depth: 6) == [6])
  }

  @Test("the difference leaves the gripper out")
  func difference() {
    let first: [Float] = [0, 0, 0, 0, 0, 0, 1]
    #expect(ExitRule.difference(first, [1, 1, 1, 1, 1, 1, 0]) == 1)
    #expect(ExitRule.difference(first, [0, 0, 0, 0, 0, 0, 0]) == 0)
  }

  @Test("samples leave in the given proportions, the most consistent first")
  func thresholds() {
    // Ten samples; at the first exit four may leave, then three of the rest.
    let differences = (0..<10).map { [Float($0), Float(20 - $0), 0] }
    let found = ExitRule.thresholds(differences: differences, proportions: [0.4, 0.3, 0.3])
    #expect(found == [3, 13, .infinity])
    let first = differences.count { $0[0] <= found[0] }
    let second = differences.count { $0[0] > found[0] && $0[1] <= found[1] }
    #expect((first, second) == (4, 3))
  }

  @Test("an exit with no share is never taken")
  func emptyExit() {
    let found = ExitRule.thresholds(differences: [[0, 0]], proportions: [0, 1])
    #expect(found == [-.infinity, .infinity])
  }

  @Test("an exit that has nothing to compare with is never taken")
  func firstLayerExit() {
    let differences = (0..<4).map { [Float.infinity, Float($0), 0] }
    let found = ExitRule.thresholds(differences: differences, proportions: [0.25, 0.25, 0.5])
    #expect(found == [-.infinity, 1, .infinity])
  }

  @Test("proportions reach the asked mean depth", arguments: [2.0, 3.0, 6.0, 9.5, 12.0])
  func proportions(meanDepth: Double) {
    let exits = ExitRule.exits(every: 2, depth: 12)
    let found = ExitRule.proportions(exits: exits, meanDepth: meanDepth)
    let depth = zip(found, exits).reduce(0) { $0 + $1.0 * Double($1.1) }
    #expect(abs(depth - meanDepth) < 1e-3)
    #expect(abs(found.reduce(0, +) - 1) < 1e-9)
  }
}

@Suite struct LayerMethodTests {
  @Test(
    "amounts are layers, shares or percent",
    arguments: [
      ("mole", 6, 0.5), ("mole:3", 3, 0.25), ("mole:0.25", 3, 0.25), ("truncate:50%", 6, 0.5),
      ("mod:1", 12, 1.0), ("dense", 12, 1.0), ("random:1", 1, 1.0 / 12),
    ])
  func amounts(text: String, layers: Int, share: Double) throws {
    let method = try LayerMethod(text, keep: 0.5, depth: 12)
    #expect(method.layerCount(depth: 12) == layers)
    #expect(abs(method.share - share) < 1e-12)
    #expect(method.name == text)
  }

  @Test(
    "nonsense is refused by name",
    arguments: [
      "", "fast", "mole:0", "mole:13", "mole:x", "mole:-1", "mod:1.5", "dense:3", "mole:0.0",
    ])
  func nonsense(text: String) {
    #expect(throws: PolicyError.self) { try LayerMethod(text, keep: 0.5, depth: 12) }
  }
}
