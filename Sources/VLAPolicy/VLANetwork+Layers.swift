internal import TensorMath

/// What one sample's way through the layers ended in.
struct LayerAnswer {
  /// `[actionCount, 7]`, normalised.
  let actions: Matrix
  let exitDifferences: [Float]
}

extension VLANetwork {
  /// Runs each sample's chosen layers up to its last or to an exit, and the action head where it
  /// is due; a sample that has left takes no part any more.
  ///
  /// - Parameters:
  ///   - chosen: `[sample][layer]`.
  ///   - noise: One a sample.
  func runLayers(
    _ chosen: [[Bool]], of run: inout LanguageRun, rule: ExitRule?, noise: [Matrix],
    meter: inout ComputeMeter, traces: inout [Trace]
  ) -> [LayerAnswer] {
    var exits = ExitGate(rule: rule, noise: noise)
    for layer in 0..<decoder.depth {
      run.run(layer, of: exits.staying.filter { chosen[$0][layer] }, meter: &meter)
      if traces.count == 1, let input = run.feedForwardInput {
        traces[0].record("layers.\(layer).mlp_input", input)
      }
      for sample in traces.indices {
        traces[sample].record("layers.\(layer)", run.state(of: sample))
      }
      guard layer + 1 < decoder.depth else { continue }
      exits.test(after: layer + 1, of: run, head: head, meter: &meter, traces: &traces)
    }
    for sample in traces.indices {
      traces[sample].record("layer_mask", run.shares[sample])
      traces[sample].record("hidden", decoder.normalize(run.state(of: sample)))
    }
    return exits.answers(after: run, head: head, meter: &meter, traces: &traces)
  }
}

/// Lets the samples of a batch leave by an exit rule, each when its own action is ready.
private struct ExitGate {
  private let rule: ExitRule?
  private let noise: [Matrix]
  private var trackers: [ExitTracker]
  /// The actions of the samples that have left.
  private var actions: [Matrix?]

  init(rule: ExitRule?, noise: [Matrix]) {
    self.rule = rule
    self.noise = noise
    trackers = noise.map { _ in ExitTracker(rule: rule) }
    actions = noise.map { _ in nil }
  }

  /// The samples that have not left.
  var staying: [Int] { actions.indices.filter { actions[$0] == nil } }

  /// Predicts the action of those that stay, where `depth` layers are an exit, and lets leave whose
  /// action has hardly changed.
  mutating func test(
    after depth: Int, of run: LanguageRun, head: ActionHead, meter: inout ComputeMeter,
    traces: inout [Trace]
  ) {
    guard let rule, rule.asks(after: depth) else { return }
    let samples = staying
    var exitTraces = samples.map { traces[$0].emptied }
    let candidates = predict(samples, from: run, head, meter: &meter, traces: &exitTraces)
    for (index, sample) in samples.enumerated()
    where trackers[sample].leaves(after: depth, with: candidates[index].row(0)) {
      actions[sample] = candidates[index]
      traces[sample].append(exitTraces[index])
    }
  }

  /// Predicts the action of those that stayed to the end.
  mutating func answers(
    after run: LanguageRun, head: ActionHead, meter: inout ComputeMeter, traces: inout [Trace]
  ) -> [LayerAnswer] {
    let samples = staying
    var lastTraces = samples.map { traces[$0].emptied }
    let last = predict(samples, from: run, head, meter: &meter, traces: &lastTraces)
    for (index, sample) in samples.enumerated() {
      actions[sample] = last[index]
      traces[sample].append(lastTraces[index])
    }
    return zip(trackers, actions.compactMap(\.self)).enumerated().map { sample, answer in
      let (differences, actions) = (answer.0.differences, answer.1)
      if !differences.isEmpty { traces[sample].record("exit_deltas", differences) }
      traces[sample].record("normalized_actions", actions)
      return LayerAnswer(actions: actions, exitDifferences: differences)
    }
  }

  private func predict(
    _ samples: [Int], from run: LanguageRun, _ head: ActionHead, meter: inout ComputeMeter,
    traces: inout [Trace]
  ) -> [Matrix] {
    head.predict(
      from: run, of: samples, noise: samples.map { noise[$0] }, meter: &meter,
      traces: &traces)
  }
}
