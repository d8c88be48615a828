import Failures
import Gates
import Manipulation
import Outcomes
import Testing

@Suite("Pairs of episodes")
struct PairingTests {
  @Test("equal runs are pairs throughout")
  func pairs() throws {
    for mode in EvaluationMode.allCases {
      let comparison = try PlantedPair.alike(mode).compared()
      try comparison.check(allowPartial: false)
      #expect(comparison.methods[0].pairing.pairCount == 12)
      #expect(comparison.methods[0].pairing.tasks.map(\.name) == Planted.tasks)
    }
  }

  @Test("the order of the journal does not matter")
  func anyOrder() throws {
    var pair = PlantedPair.alike()
    pair.candidate.outcomes.reverse()
    let (turned, plain) = (try pair.compared(), try PlantedPair.alike().compared())
    #expect(turned.methods[0].pairing == plain.methods[0].pairing)
  }

  /// A break, and where it must be found.
  private struct Break {
    var fact: PairingFault.Fact
    var place: String
    var plant: (inout PlantedPair) -> Void

    init(
      _ fact: PairingFault.Fact, _ place: String = "every episode",
      _ plant: @escaping (inout PlantedPair) -> Void
    ) {
      (self.fact, self.place, self.plant) = (fact, place, plant)
    }
  }

  private func check(_ breaks: [Break], _ mode: EvaluationMode) throws {
    for planted in breaks {
      var pair = PlantedPair.alike(mode)
      planted.plant(&pair)
      let comparison = try pair.compared()
      let error = #expect(throws: GateError.self, "\(planted.fact)") {
        try comparison.check(allowPartial: true)
      }
      #expect(error?.kind == .badData)
      let found = comparison.allFaults.map { "\($0.fact.rawValue) of \($0.place)" }
      #expect(found == ["\(planted.fact.rawValue) of \(planted.place)"])
      #expect(error?.description.contains(planted.place) == true)
      #expect(GateReport(judging: comparison, by: GateSettings()).outcome == .notPaired)
    }
  }

  private func digests(_ pictures: String?, _ state: String) -> QueryDigests {
    QueryDigests(pictures: pictures, state: state, answer: "x")
  }

  @Test("starts are compared where both are known, and to the bit on one machine alone")
  func starts() throws {
    var pair = PlantedPair.alike()
    pair.base.outcomes[1].queries[0].digests = digests(nil, "b")
    try pair.compared().check(allowPartial: false)
    pair.candidate.outcomes[1].queries[0].digests = digests("a", "b")
    try pair.compared().check(allowPartial: false)
    pair.candidate.outcomes[1].queries[0].digests = digests("a", "c")
    pair.candidate.manifest.environment.processor = "another"
    try pair.compared().check(allowPartial: false)
    let remarks = try pair.judged().remarks
    #expect(remarks.count == 1 && remarks[0].hasPrefix("1 pair starts from the same seed"))
  }

  @Test("what a rollout's sides must share is named where it differs")
  func rolloutBreaks() throws {
    let second = "episode 'demo_1' of 'close_jar'"
    try check(
      [
        Break(.camera) { $0.candidate.manifest.plan.camera = "wrist" },
        Break(.imageSize) { $0.candidate.manifest.plan.imageSize = 128 },
        Break(.execute) { $0.candidate.manifest.plan.execute = 4 },
        Break(.perturbations) { $0.candidate.manifest.plan.perturbations = [.lighting] },
        Break(.wording) { $0.candidate.manifest.plan.instruction = .longest },
        Break(.budget, "every episode of 'pour'") { $0.candidate.manifest.tasks[1].budget = 20 },
        Break(.taskFile, "every episode of 'push'") {
          $0.candidate.manifest.taskFiles?[2].sha256 = "other"
        },
        Break(.taskFile) { $0.candidate.manifest.taskFiles?[3].sha256 = "other" },
        Break(.taskFile) { $0.candidate.manifest.taskFiles?.removeLast() },
        Break(.taskFile) { pair in
          // What neither side says is not proved.
          pair.base.manifest.taskFiles = nil
          pair.candidate.manifest.taskFiles = nil
        },
        Break(.seed, second) { $0.candidate.outcomes[1].seed += 1 },
        Break(.instruction, second) { $0.candidate.outcomes[1].instruction = "do that" },
        Break(.variation, second) { $0.candidate.outcomes[1].episode.variation = 7 },
        Break(.name, second) { $0.candidate.outcomes[1].episode.name = "demo_9" },
        Break(.start, second) { pair in
          pair.base.outcomes[1].queries[0].digests = digests("a", "b")
          pair.candidate.outcomes[1].queries[0].digests = digests("a", "c")
        },
        Break(.start, second) { pair in
          pair.base.outcomes[1].queries[0].digests = digests(nil, "b")
          pair.candidate.outcomes[1].queries[0].digests = digests("a", "c")
        },
        Break(.suite, second) { $0.candidate.outcomes[1].episode.suite = "garden" },
        Break(.repeated, "episode 'demo_9' of 'close_jar'") { pair in
          pair.base.outcomes.append(pair.base.outcomes[1])
          pair.base.outcomes[12].episode.name = "demo_9"
          pair.base.outcomes[12].episode.index = 9
        },
      ], .rollout)
  }

  @Test("what a replay's sides must share is named where it differs")
  func replayBreaks() throws {
    let third = "episode 'demo_2' of 'close_jar'"
    try check(
      [
        Break(.camera) { $0.candidate.manifest.plan.camera = "wrist" },
        Break(.positionTolerance) { $0.candidate.manifest.plan.positionTolerance = 0.05 },
        Break(.rotationTolerance) { $0.candidate.manifest.plan.rotationTolerance = 5 },
        Break(.actionConvention) { $0.candidate.manifest.plan.actionConvention = "absolute" },
        Break(.demonstrations, "every episode of 'pour'") {
          $0.candidate.manifest.demonstrations[1].sha256 = "other"
        },
        Break(.demonstrations, "every episode of 'push'") {
          $0.candidate.manifest.demonstrations.removeLast()
        },
        Break(.frames, third) { $0.candidate.outcomes[2].queries[1].frameIndex = 11 },
        Break(.frames, third) { $0.candidate.outcomes[2].queries[0].demonstratedAction = [9, 1] },
        Break(.queries, third) { $0.candidate.outcomes[2].queries.removeLast() },
        Break(.seed, third) { $0.candidate.outcomes[2].seed = 0 },
      ], .replay)
  }

  @Test("a replay is no rollout, and another suite is named once")
  func runBreaks() throws {
    let (rollout, replay) = (PlantedPair.alike(), PlantedPair.alike(.replay))
    let mixed = try PlantedPair(base: rollout.base, candidate: replay.candidate).compared()
    #expect(mixed.allFaults.contains { $0.fact == .mode })
    var other = rollout
    other.candidate.manifest.plan.suite = "garden"
    for index in other.candidate.outcomes.indices {
      other.candidate.outcomes[index].episode.suite = "garden"
    }
    #expect(try other.compared().allFaults.map(\.fact) == [.suite])
  }

  @Test("several breaks at once are all named")
  func allBreaks() throws {
    var pair = PlantedPair.alike()
    pair.candidate.manifest.plan.execute = 2
    for index in [0, 5, 11] { pair.candidate.outcomes[index].seed = UInt64(index) }
    pair.candidate.outcomes[7].instruction = "other"
    let faults = try pair.compared().allFaults
    #expect(faults.count == 5)
    #expect(
      faults.filter { $0.fact == .seed }.map { "\($0.task ?? "") \($0.episode ?? "")" } == [
        "close_jar demo_0", "pour demo_1", "push demo_3",
      ])
    let report = try pair.judged()
    let table = try report.rendered(as: .csv)
    for fault in faults { #expect(table.contains(fault.candidate)) }
  }

  @Test("what may differ is a remark and no break")
  func remarks() throws {
    var pair = PlantedPair.alike()
    pair.candidate.manifest.plan.checkpoint = "d"
    pair.candidate.manifest.plan.keep = 0.25
    pair.candidate.manifest.environment.commit = "5678"
    pair.candidate.manifest.environment.libraries["MuJoCo"] = "4.1"
    let report = try pair.judged()
    #expect(report.outcome != .notPaired && report.remarks.count == 2)
    #expect(report.remarks[1].contains("MuJoCo 4.0 and 4.1"))
  }

  @Test("episodes of one side only are listed, and left aside when asked")
  func partial() throws {
    var pair = PlantedPair.alike()
    pair.base.outcomes.removeAll { $0.episode.task == "push" && $0.episode.index == 3 }
    pair.candidate.outcomes.removeFirst()
    let comparison = try pair.compared()
    let error = #expect(throws: GateError.self) { try comparison.check(allowPartial: false) }
    #expect(error?.kind == .badData)
    #expect(
      comparison.missing == [
        MissingEpisode(task: "close_jar", episode: "demo_0", missingIn: .candidate),
        MissingEpisode(task: "push", episode: "demo_3", missingIn: .base),
      ])
    #expect(error?.description.contains("'demo_3' of 'push' is missing in the base") == true)
    try comparison.check(allowPartial: true)
    let report = try pair.judged(allowPartial: true)
    #expect(report.outcome != .notPaired && report.pairs == 10)
    #expect(report.remarks == ["2 episodes of one run only left aside"])
  }

  @Test("an episode that shares its number with another is not lost")
  func sharedNumbers() throws {
    var pair = PlantedPair.alike()
    var extra = pair.candidate.outcomes[1]
    extra.episode.name = "demo_9"
    extra.seed = 99
    pair.candidate.outcomes.append(extra)
    #expect(
      try pair.compared().missing == [
        MissingEpisode(task: "close_jar", episode: "demo_9", missingIn: .base)
      ])
    pair.candidate.outcomes[1].seed = 98
    let comparison = try pair.compared()
    #expect(comparison.missing.count == 1 && comparison.allFaults.count == 1)
  }

  @Test("runs that are not complete are compared only when asked")
  func unfinished() throws {
    var pair = PlantedPair.alike()
    pair.base.manifest.status = .running
    let comparison = try pair.compared()
    #expect(throws: GateError.unfinished(runs: ["base"])) {
      try comparison.check(allowPartial: false)
    }
    try comparison.check(allowPartial: true)
  }

  @Test("nothing in common is refused whatever is asked")
  func nothing() throws {
    var pair = PlantedPair.alike()
    pair.candidate.outcomes = []
    let comparison = try pair.compared()
    #expect(throws: GateError.noPairs) { try comparison.check(allowPartial: true) }
  }

  @Test("tasks can be chosen, and a break elsewhere does not matter then")
  func choosesTasks() throws {
    var pair = PlantedPair.alike()
    pair.candidate.manifest.tasks[1].budget = 20
    let comparison = try pair.compared(tasks: ["push", "close_jar"])
    try comparison.check(allowPartial: false)
    #expect(comparison.methods[0].pairing.pairCount == 8)
    #expect(throws: GateError.noSuchTask("fly", tasks: Planted.tasks)) {
      try pair.compared(tasks: ["fly"])
    }
  }

  @Test("methods are paired by name, by being alone, or as asked")
  func choosesMethods() throws {
    func pair(_ base: [String], _ candidate: [String]) -> PlantedPair {
      PlantedPair(
        base: (Planted.manifest(methods: base), []),
        candidate: (Planted.manifest(methods: candidate), []))
    }
    func names(_ pair: PlantedPair, _ base: String? = nil, _ other: String? = nil) throws
      -> [String]
    {
      try pair.compared(baseMethod: base, candidateMethod: other).methods.map(\.methods.name)
    }
    #expect(try names(pair(["dense"], ["mole"])) == ["dense -> mole"])
    let several = pair(["dense", "mole", "home"], ["mole", "dense"])
    #expect(try names(several) == ["dense", "mole"])
    #expect(try names(several, "dense", "mole") == ["dense -> mole"])
    #expect(try names(several, "dense") == ["dense"])
    let error = #expect(throws: GateError.self) { try names(several, "home") }
    #expect(error?.kind == .usage && error?.description.contains("'--base-method'") == true)
    #expect(throws: GateError.noSuchMethod("x", run: "base", methods: ["dense", "mole", "home"])) {
      try names(several, "x")
    }
  }
}
