import Checkpoints
import Manipulation
import Testing
import VLAPolicy

/// The counters against closed formulas and the figures derived from published tables.
@Suite struct ComputeCountTests {
  private let sevenBillion = Preset.cogACTBase.configuration()

  /// GMAC of the language layers at 290 tokens, by the number of layers kept.
  @Test(
    "kept layers of the 7-billion-parameter decoder cost what the literature's tables imply",
    arguments: [
      (32, 1900.1), (30, 1781.3), (26, 1543.8), (24, 1425.1), (20, 1187.6), (18, 1068.8),
      (16, 950.0), (12, 712.5), (8, 475.0), (6, 356.3), (4, 237.5), (2, 118.8),
    ])
  func keptLayers(count: Int, giga: Double) {
    let found = Double(count * sevenBillion.language.layerMACs(tokenCount: 290)) / 1e9
    #expect(abs(found - giga) < 0.06)
  }

  @Test("STAR as published: 1.50 GMAC at 290 tokens, 13,170,178 parameters")
  func router() throws {
    let router = try #require(sevenBillion.router)
    let count = sevenBillion.routerMACs(router, tokenCount: 290, textTokenCount: 34)
    #expect(abs(Double(count) / 1e9 - 1.50) < 0.01)
    let parameters = sevenBillion.parameters.filter { $0.part == .router }
    #expect(parameters.reduce(0) { $0 + $1.count } == 13_170_178)
  }

  @Test("vision, projector and DiT-B match their derived costs")
  func fixedParts() {
    #expect(abs(Double(sevenBillion.visionMACs) / 1e9 - (78.7 + 0.15 + 105.3 + 0.17)) < 0.1)
    #expect(abs(Double(sevenBillion.projectorMACs) / 1e9 - 18.3) < 0.1)
    guard case .diffusion(let head) = sevenBillion.actionHead else {
      Issue.record("cogact-base has a diffusion head")
      return
    }
    #expect(abs(Double(sevenBillion.diffusionMACs(head)) / 1e9 - 29.1) < 0.1)
  }

  @Test("the 7-billion-parameter layouts have the published numbers of parameters")
  func parameterCounts() {
    let language = Preset.openVLA7B.configuration().parameters
      .filter { [.languageLayers, .languageHead].contains($0.part) }
    #expect(language.reduce(0) { $0 + $1.count } == 6_738_939_904)
    let projector = sevenBillion.parameters.filter { $0.part == .projector }
    #expect(projector.reduce(0) { $0 + $1.count } == 71_385_600)
    let head = sevenBillion.parameters.filter { $0.part == .actionHead }
    #expect(abs(Double(head.reduce(0) { $0 + $1.count }) / 1e6 - 88.99) < 0.02)
  }

  /// Linear maps alone, the scores of tokens included; the routers' scores are 0.02 % of a block.
  @Test(
    "experts save of whole language models what their shapes imply",
    arguments: [
      ("TinyLlama-1.1B", 2048, 5632, 22, 32, 4, [18.4, 36.8, 55.2]),
      ("MobileLLaMA-1.4B", 2048, 5632, 24, 16, 16, [16.0, 32.0, 48.0]),
      ("Llama-2-7B", 4096, 11008, 32, 32, 32, [16.4, 32.7, 49.1]),
    ])
  func expertsOfModels(
    name: String, width: Int, neurons: Int, depth: Int, heads: Int, keyValueHeads: Int,
    percent: [Double]
  ) {
    let dense = LanguageConfiguration(
      width: width, depth: depth, heads: heads, keyValueHeads: keyValueHeads, mlpWidth: neurons,
      vocabularySize: 32000, ropeTheta: 10000, rmsNormEpsilon: 1e-5)
    let head = dense.width * dense.vocabularySize
    for (topK, saved) in zip([3, 2, 1], percent) {
      var cut = dense
      cut.factorization = FactorizationConfiguration(experts: 4, topK: topK)
      let share =
        Double(depth * cut.linearMACs + head) / Double(depth * dense.linearMACs + head)
      #expect(abs(100 * (1 - share) - saved) < 0.1, "\(name), \(topK) of 4")
    }
  }

  @Test(
    "skipped layers and experts together cost Llama-2-7B's layers what both shares say",
    arguments: [
      (0, [1.000, 0.833, 0.666, 0.499]), (8, [0.750, 0.625, 0.499, 0.374]),
      (14, [0.5625, 0.469, 0.375, 0.281]), (16, [0.500, 0.417, 0.333, 0.249]),
    ])
  func skippedLayersAndExperts(skipped: Int, ratios: [Double]) {
    let dense = sevenBillion.language
    for ((experts, topK), ratio) in zip([(1, 1), (8, 6), (2, 1), (4, 1)], ratios) {
      var cut = dense
      if topK < experts {
        cut.factorization = FactorizationConfiguration(experts: experts, topK: topK)
      }
      let found =
        Double((dense.depth - skipped) * cut.linearMACs)
        / Double(dense.depth * dense.linearMACs)
      #expect(abs(found - ratio) < 1.5e-3, "\(topK) of \(experts)")
    }
  }

  @Test("nano has five to ten million parameters and at least twelve layers")
  func nano() {
    let nano = Preset.nano.configuration(suffixIDs: [3, 2])
    #expect(5_000_000...10_000_000 ~= nano.parameters.reduce(0) { $0 + $1.count })
    #expect(nano.language.depth >= 12)
  }

  @Test(
    "what runs is what the formulas say",
    arguments: ["dense", "mole:3", "truncate:3", "random:2", "mod:0.5"])
  func executedEqualsFormula(method: String) throws {
    let run = try execute(method)
    let language = run.network.configuration.language
    let tokens = run.result.tokenCount
    let expected = run.result.mask.shares.reduce(0) { total, share in
      total + language.layerMACs(tokenCount: Int((share * Float(tokens)).rounded()))
    }
    #expect(run.executed[.languageLayers] == expected)
    #expect(run.executed[.vision] == run.network.configuration.visionMACs)
    #expect(run.executed[.projector] == run.network.configuration.projectorMACs)
    #expect(run.executed[.languageHead] == 0)
  }

  @Test("half of the layers cost half, and MoLe costs its router more than random skipping")
  func halfTheLayers() throws {
    let (dense, mole, random) =
      (
        try execute("dense").executed, try execute("mole:3").executed,
        try execute("random:3").executed
      )
    #expect(2 * mole[.languageLayers] == dense[.languageLayers])
    #expect(mole.languageModel - random.languageModel == mole[.router])
    #expect(random[.router] == 0)
  }

  @Test("STAR executes one projected picture token instead of all")
  func executedRouter() throws {
    let run = try execute("mole:3")
    let configuration = run.network.configuration
    let router = try #require(configuration.router)
    let published = configuration.routerMACs(
      router, tokenCount: run.result.tokenCount, textTokenCount: run.result.textTokenCount)
    let patches = run.result.tokenCount - run.result.textTokenCount
    let saved = (patches - 1) * configuration.language.width * router.width
    #expect(run.executed[.router] == published - saved)
  }

  @Test("the diffusion head embeds its condition and its actions once, the formula every pass")
  func executedActionHead() throws {
    let run = try execute("dense")
    guard case .diffusion(let head) = run.network.configuration.actionHead else { return }
    let formula = run.network.configuration.diffusionMACs(head)
    #expect(run.executed[.actionHead] < formula)
    #expect(Double(run.executed[.actionHead]) > 0.9 * Double(formula))
  }

  @Test("decoding steps of the token head are booked on the action head")
  func tokenHead() throws {
    let run = try execute("truncate:3", fixture: "openvla")
    let language = run.network.configuration.language
    let steps = (1...6).reduce(0) { total, step in
      total + 3 * (language.linearMACs + 2 * (run.result.tokenCount + step) * language.width)
    }
    #expect(run.executed[.actionHead] == steps)
    #expect(run.executed[.languageHead] == 7 * language.width * language.vocabularySize)
    #expect(
      run.executed[.languageLayers] == 3 * language.layerMACs(tokenCount: run.result.tokenCount))
  }

  @Test("testing an exit is paid for: one pass of the action head each")
  func earlyExit() throws {
    let reference = try Reference("cogact")
    let network = try reference.network()
    let never = [Float](repeating: -.infinity, count: 2) + [.infinity]
    let selection = EarlyExitSelection(rule: ExitRule(exits: [2, 4, 6], thresholds: never))
    let run = try reference.run(network, selection: selection, against: reference.trace("dense"))
    let dense = try execute("dense").executed
    #expect(run.executed[.actionHead] == 4 * dense[.actionHead])
    #expect(run.executed[.languageLayers] == dense[.languageLayers])
  }

  private func execute(
    _ method: String, fixture: String = "cogact"
  ) throws -> (network: VLANetwork, result: ForwardResult, executed: MACCount) {
    let reference = try Reference(fixture)
    let network = try reference.network()
    let method = try LayerMethod(method, keep: 1, depth: network.decoder.depth)
    let selection = try network.selection(for: method, calibration: Calibration())
    let run = try reference.run(network, selection: selection, against: reference.trace("dense"))
    return (network, run.result, run.executed)
  }
}
