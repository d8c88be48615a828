import Checkpoints
import Foundation
import Manipulation
import TensorMath
import Testing
import Training
import VLAPolicy

@Suite("What a training starts from")
struct TrainingStartTests {
  private func recipe(_ checkpoint: String, set: [String]) -> Recipe {
    var recipe = Recipe()
    recipe.initial = checkpoint
    recipe.set = set
    return recipe
  }

  @Test("a checkpoint's numbers; a router that it lacks starts as a random one, the rest stays")
  func otherRouter() throws {
    try inFolder { folder in
      let checkpoint = try TinyPolicy.written(in: folder, seed: 4)
      let archive = try TensorArchive(checkpointDirectory: checkpoint)
      let start = try TrainingStart(recipe(checkpoint.path, set: ["router.kind=linear"]))
      let layout = ParameterLayout(start.configuration.parameters)
      let values = try start.parameters(layout, seed: 9)
      let random = layout.randomStart(seed: 9)
      var missing = 0
      for parameter in layout.parameters {
        let range = try #require(layout.range(of: parameter.name))
        let stored = archive.contains(parameter.name)
        #expect(stored || parameter.part == .router)
        missing += stored ? 0 : 1
        let expected = stored ? try archive.floats(parameter.name) : Array(random[range])
        #expect(Array(values[range]) == expected)
      }
      #expect(missing > 0)
    }
  }

  @Test("a policy that is not told of its gripper yet answers the same when it begins to be")
  func gripper() throws {
    try inFolder { folder in
      let checkpoint = try TinyPolicy.written(in: folder)
      let statistics = try #require(
        try TrainingStart(recipe(checkpoint.path, set: [])).statistics?.values.first)
      func answers(_ settings: [String]) throws -> [Action] {
        let start = try TrainingStart(recipe(checkpoint.path, set: settings))
        var known = try SmallDemonstrations.set(steps: [3, 2, 1]).statistics()
        known.action = statistics.action
        let layout = ParameterLayout(start.configuration.parameters)
        let samples = try LearningSamples(
          SmallDemonstrations.set(steps: [3, 2, 1]), configuration: start.configuration,
          tokenizer: start.tokenizer, statistics: known)
        #expect(samples[0].gripper.count == (settings.isEmpty ? 0 : GripperState.width))
        let network = try VLANetwork(
          start.configuration, parameters: FloatStorage(start.parameters(layout, seed: 9)),
          layout: layout, tokenizer: start.tokenizer, statistics: ["known": known])
        var meter = ComputeMeter(sampleCount: 2)
        var traces = [Trace(recording: false), Trace(recording: false)]
        let inputs = [0, 3].map { index in
          ForwardInput(
            picture: samples[index].picture, promptIDs: samples[index].promptIDs,
            gripper: samples[index].gripper, seed: 3)
        }
        let results = network.forward(
          inputs, selection: DenseSelection(), meter: &meter, traces: &traces)
        return results.flatMap {
          network.unnormalize($0.normalizedActions, statistics: known.action).actions
        }
      }
      #expect(try answers([#"gripper={"hidden_width": 12}"#]) == answers([]))
    }
  }

  @Test("a checkpoint without another part is refused")
  func otherPart() throws {
    try inFolder { folder in
      let checkpoint = try TinyPolicy.written(in: folder)
      let start = try TrainingStart(recipe(checkpoint.path, set: ["language.depth=7"]))
      #expect(throws: CheckpointError.self) {
        try start.parameters(ParameterLayout(start.configuration.parameters), seed: 9)
      }
    }
  }
}
