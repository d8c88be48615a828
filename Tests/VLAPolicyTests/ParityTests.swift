import Checkpoints
import Manipulation
import Testing
import VLAPolicy

/// Every stage within 1e-5 of the PyTorch reference, relative to the stage's largest value.
@Suite struct ParityTests {
  static let tolerance: Float = 1e-5

  @Test(
    "every stage equals the reference's",
    arguments: [
      ("cogact", "dense", "dense"), ("cogact", "mole", "mole:3"),
      ("cogact", "mole-keep-all", "mole:6"), ("cogact", "truncate-3", "truncate:3"),
      ("cogact", "mod-0.5", "mod:0.5"), ("openvla", "dense", "dense"),
      ("openvla", "mole", "mole:3"), ("openvla", "truncate-3", "truncate:3"),
      ("one-tower", "dense", "dense"), ("one-tower", "mole", "mole:2"),
    ])
  func everyStage(fixture: String, trace: String, method: String) throws {
    let reference = try Reference(fixture)
    let network = try reference.network()
    let method = try LayerMethod(method, keep: 1, depth: network.decoder.depth)
    let selection = try network.selection(for: method, calibration: Calibration())
    try compare(reference, network, selection, trace: trace)
  }

  @Test("the same layers for every observation, in any order of influence")
  func staticLayers() throws {
    let reference = try Reference("cogact")
    let mask = try reference.trace("static").floats("layer_mask")
    let selection = StaticSelection(keeping: mask.indices.filter { mask[$0] > 0 })
    try compare(reference, try reference.network(), selection, trace: "static")
  }

  @Test("DeeR leaves at the same exit with the same action")
  func earlyExit() throws {
    let reference = try Reference("cogact")
    let network = try reference.network()
    let thresholds = try reference.trace("early-exit").floats("thresholds")
    let selection = EarlyExitSelection(
      rule: ExitRule(
        exits: ExitRule.exits(every: 2, depth: network.decoder.depth), thresholds: thresholds))
    try compare(reference, network, selection, trace: "early-exit")
  }

  @Test(
    "the public code's router inputs are options",
    arguments: [
      ("mole-final-norm", RouterConfiguration.RouterInput.finalNorm), ("mole-public", .public),
    ])
  func routerInput(trace: String, input: RouterConfiguration.RouterInput) throws {
    let reference = try Reference("cogact")
    let network = try reference.network { $0.router?.input = input }
    let method = try LayerMethod("mole:3", keep: 1, depth: network.decoder.depth)
    try compare(
      reference, network, try network.selection(for: method, calibration: Calibration()),
      trace: trace)
  }

  private func compare(
    _ reference: Reference, _ network: VLANetwork, _ selection: any LayerSelection, trace: String
  ) throws {
    let expected = try reference.trace(trace)
    let run = try reference.run(network, selection: selection, against: expected)
    var compared = 0
    for stage in run.stages.stages where expected.contains(stage.name) {
      let error = relativeError(stage.values, try expected.numbers(stage.name))
      #expect(error <= ParityTests.tolerance, "\(trace) \(stage.name): \(error)")
      compared += 1
    }
    #expect(compared >= 10)
    let statistics = try network.actionStatistics(key: reference.query.unnormKey)
    let actions = network.unnormalize(run.result.normalizedActions, statistics: statistics)
    let error = relativeError(
      actions.actions.flatMap(\.vector), try expected.floats("actions"))
    #expect(error <= ParityTests.tolerance, "\(trace) actions: \(error)")
  }
}
