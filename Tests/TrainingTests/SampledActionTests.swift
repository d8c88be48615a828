import Checkpoints
import Foundation
import Manipulation
import TensorMath
import Testing
import Training
import VLAPolicy

@Suite("Sampled actions of parameters in training")
struct SampledActionTests {
  /// A checkpoint on disk and the same numbers in memory.
  private struct Twins {
    let network: VLANetwork
    let samples: LearningSamples
    let meter: SampledActions
    let parameters: FloatStorage
    let statistics: DatasetStatistics
  }

  private static let indices = [0, 3, 4]

  private func twins(_ method: String, in folder: URL) throws -> (Twins, LayerMethod) {
    let checkpoint = try TinyPolicy.written(in: folder)
    let configuration = try Configuration(checkpoint: checkpoint)
    let tokenizer = try Tokenizer.load(from: checkpoint)
    let known = try JSONFile.decode(
      [String: DatasetStatistics].self,
      from: checkpoint.appending(path: VLANetwork.statisticsName))
    let statistics = try #require(known.values.first)
    let samples = try LearningSamples(
      SmallDemonstrations.set(steps: [2, 3, 1]), configuration: configuration,
      tokenizer: tokenizer, statistics: statistics)
    let layout = ParameterLayout(configuration.parameters)
    let archive = try TensorArchive(checkpointDirectory: checkpoint)
    let chosen = try LayerMethod(method, keep: 0.5, depth: configuration.language.depth)
    let meter = SampledActions(
      of: samples, Self.indices, configuration: configuration, layout: layout,
      tokenizer: tokenizer, statistics: statistics, method: chosen, seed: 8)
    return (
      Twins(
        network: try VLANetwork(checkpoint: checkpoint), samples: samples, meter: meter,
        parameters: FloatStorage(try layout.parameters.flatMap { try archive.floats($0.name) }),
        statistics: statistics), chosen
    )
  }

  @Test(
    "they are what the checkpoint's policy does, by the same choice of layers",
    arguments: ["dense", "mole:3", "truncate:2", "mod:0.5"])
  func asEvaluated(method: String) throws {
    try inFolder { folder in
      let (twins, chosen) = try twins(method, in: folder)
      let policy = try LayerSkippingPolicy(network: twins.network, method: chosen)
      let expected = try Self.indices.map { index in
        let sample = twins.samples[index]
        let seed = SeededGenerator.derive(8, ["sampled action", String(index)])
        let query = PolicyQuery(
          observation: Observation(images: ["front": sample.picture]),
          instruction: "push the button", step: sample.step, seed: seed)
        return try #require(try policy.predict(query).chunk.actions.first)
      }
      let found = try twins.meter.answers(at: twins.parameters)
      for (one, two) in zip(found, expected) {
        let comparison = try #require(ActionComparison(predicted: one, demonstrated: two))
        #expect(comparison.positionError < 1e-5)
        #expect(comparison.rotationError < 1e-2)
      }
      // The same numbers again, whatever was computed in between.
      #expect(try twins.meter.answers(at: twins.parameters) == found)
    }
  }

  @Test("errors are those of the answers; parameters that are no numbers are refused")
  func errors() throws {
    try inFolder { folder in
      let (twins, _) = try twins("dense", in: folder)
      let answers = try twins.meter.answers(at: twins.parameters)
      let comparisons = try zip(answers, Self.indices).map { answer, index in
        try #require(
          ActionComparison(
            predicted: answer, demonstrated: twins.samples.demonstratedAction(index)))
      }
      #expect(try twins.meter.errors(at: twins.parameters) == ActionErrors(comparisons))
      twins.parameters.fill(.nan)
      #expect(throws: PolicyError.self) { try twins.meter.errors(at: twins.parameters) }
    }
  }

  @Test("means, medians and shares of known errors")
  func known() throws {
    let demonstrated = Action(translation: .zero, eulerAngles: .zero, gripper: 1)
    func comparison(
      _ metres: Double, degrees: Double = 0, gripper: Double = 1
    ) throws -> ActionComparison {
      try #require(
        ActionComparison(
          predicted: Action(
            translation: [metres, 0, 0], eulerAngles: [0, 0, degrees * .pi / 180],
            gripper: gripper),
          demonstrated: demonstrated))
    }
    let errors = ActionErrors([
      try comparison(0.01), try comparison(0.001, degrees: 30),
      try comparison(0.005, degrees: 3, gripper: 0), try comparison(0.004, degrees: 12),
    ])
    #expect(errors.count == 4)
    #expect(abs(errors.meanPosition - 5) < 1e-9)
    #expect(abs(errors.medianPosition - 4.5) < 1e-9)
    #expect(abs(errors.meanRotation - 11.25) < 1e-6)
    #expect(abs(errors.medianRotation - 7.5) < 1e-6)
    #expect(errors.gripperAccuracy == 0.75)
    #expect(errors.shareWithin == 0.5)
    // 0.5, 1 (beyond), 1 (gripper), 0.8.
    #expect(abs(errors.shortfall - 0.825) < 1e-9)
  }

  @Test("a static order has every layer once and depends on the parameters")
  func staticOrder() throws {
    try inFolder { folder in
      let (twins, _) = try twins("dense", in: folder)
      let order = try twins.samples.staticOrder(of: twins.network, limit: 4)
      #expect(order.sorted() == Array(0..<6))
    }
  }
}
