internal import Foundation
internal import NeuralLayers
internal import TensorMath

extension LearningPass {
  /// STAR picks the layers of each sample; the dense teacher is imitated (MoLe-VLA, equations 7-19).
  mutating func runMoLe(_ input: inout LanguageInput, teacher: FloatStorage?) {
    let scores = scores(&input)
    let temperature = Float(1 / options.star.temperature)
    let noisy = tape.add(scores, tape.constant(draws.gumbel))
    let gates = tape.softmax(tape.scale(noisy, by: temperature))
    let kept = kept(noisy)
    let features = policy.decoder.normalize(
      runGated(input, gates: gates, kept: kept), on: tape)
    addBalance(scores, kept: kept)
    if let teacher, options.distillation.weight > 0 {
      distill(features, input, teacher: teacher)
    }
    finish(features, input)
  }

  private func scores(_ input: inout LanguageInput) -> Variable {
    guard let router = policy.router else {
      preconditionFailure("an objective without a router is never made")
    }
    var read = input.tokens
    if router.configuration.input != .embeddings {
      read = policy.decoder.normalize(read, on: tape)
    }
    if router.configuration.input == .public { input.tokens = read }
    return router.scores(
      read, sequences: input.sequences, imageTokenCount: input.imageTokenCount, on: tape)
  }

  /// `[sample]`: the layers with the highest scores.
  private func kept(_ scores: Variable) -> [Set<Int>] {
    let values = scores.matrix
    return (0..<values.rows).map {
      Set(indicesOfLargest(objective.keptCount, in: values.row($0)))
    }
  }

  private mutating func runGated(
    _ input: LanguageInput, gates: Variable, kept: [Set<Int>]
  ) -> Variable {
    var tokens = input.tokens
    // Layers that a sample skips are run for the gradient of their gates alone.
    let silent = tape.silent()
    let runsSkipped = options.star.skippedGradient == .full && tape.gradients != nil
    for layer in 0..<policy.decoder.depth {
      let chosen = samples.indices.filter { kept[$0].contains(layer) }
      let others = samples.indices.filter { !kept[$0].contains(layer) }
      tokens = tape.choose(
        tokens, processed: policy.run(layer, ofSamples: chosen, on: tokens, input, tape),
        chosen: chosen,
        others: runsSkipped
          ? policy.run(layer, ofSamples: others, on: tokens, input, silent) : nil,
        otherSequences: others, sequences: input.sequences, gates: gates, column: layer)
    }
    addCost(of: silent)
    return tokens
  }

  /// The load balance of layers (equation 3).
  private mutating func addBalance(_ scores: Variable, kept: [Set<Int>]) {
    let probabilities = tape.softmax(scores)
    let (count, depth) = (samples.count, policy.decoder.depth)
    let shares = (0..<depth).map { layer in
      Float(kept.count { $0.contains(layer) }) / Float(count)
    }
    let weights: [Float] =
      switch options.star.balance {
      case .switch:
        (0..<count * depth).map {
          Float(depth) * shares[$0 % depth] / Float(objective.keptCount * count)
        }
      case .publicCode:
        (0..<count * depth).map {
          kept[$0 / depth].contains($0 % depth) ? 1 / Float(count * depth) : 0
        }
      }
    let weight = options.star.balanceWeight
    add(
      .balance, tape.weightedSum(probabilities, weights: weights, factor: Float(weight)),
      weight: weight)
    let entropy = probabilities.read { values in
      values.indices.reduce(0.0) { $0 - Double(values[$1]) * log(Double(max(values[$1], 1e-30))) }
    }
    watch("router_entropy", entropy / Double(count) / log(Double(depth)))
    watch("unused_layers", Double(shares.count { $0 == 0 }))
  }
}
