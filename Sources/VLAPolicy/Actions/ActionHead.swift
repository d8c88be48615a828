internal import Manipulation
internal import TensorMath

/// The last step of a policy: states of the language model → normalised actions.
package enum ActionHead: Sendable {
  case diffusion(DiffusionHead)
  case tokens(ActionTokenizer, count: Int)

  /// Whether the head feeds tokens back into the language model.
  var decodesTokens: Bool {
    if case .tokens = self { true } else { false }
  }

  /// The width of one action.
  package static let actionWidth = Action.width

  /// Predicts from the states that the language model has reached.
  ///
  /// - Parameters:
  ///   - run: The language model, after some of its layers.
  ///   - samples: The numbers of those that are asked for.
  ///   - noise: One standard normal `[chunk, 7]` for each of them, for the diffusion head.
  ///   - traces: One for each of them.
  /// - Returns: Normalised actions, one `[actionCount, 7]` for each of them; not finite where the
  ///   network's numbers are not.
  func predict(
    from run: LanguageRun, of samples: [Int], noise: [Matrix], meter: inout ComputeMeter,
    traces: inout [Trace]
  ) -> [Matrix] {
    guard !samples.isEmpty else { return [] }
    switch self {
    case .diffusion(let head):
      let cognition = run.lastNormalizedStates(of: samples)
      for index in samples.indices {
        traces[index].record("cognition", cognition.row(index))
        traces[index].record("noise", noise[index])
      }
      return meter.measure(.actionHead, sharedBy: WorkShare.even(samples)) {
        head(
          cognition: cognition, noise: Matrix(stacking: noise), counting: &$0, traces: &traces)
      }.split(into: samples.count)
    case .tokens(let tokenizer, let count):
      return greedyTokens(count, of: samples, from: run, meter: &meter, traces: &traces)
        .map { Matrix(row: $0.map { $0.map(tokenizer.value) ?? .nan }) }
    }
  }

  /// Greedy decoding through the layers that the prefill ran.
  ///
  /// - Returns: The tokens of each sample, `nil` for one whose logits are not finite: there is no
  ///   largest among them.
  private func greedyTokens(
    _ count: Int, of samples: [Int], from run: LanguageRun, meter: inout ComputeMeter,
    traces: inout [Trace]
  ) -> [[Int?]] {
    var run = run
    var tokens: [[Int]] = samples.map { _ in [] }
    var logits: [[Float]] = samples.map { _ in [] }
    for step in 0..<count {
      if step > 0 { run.step(tokens.map { $0[step - 1] }, of: samples, meter: &meter) }
      let states = run.lastNormalizedStates(of: samples)
      let scores = meter.measure(.languageHead, sharedBy: WorkShare.even(samples)) {
        run.decoder.logits(states, counting: &$0)
      }
      for index in samples.indices {
        if step == 0 { traces[index].record("cognition", states.row(index)) }
        let own = scores.row(index)
        logits[index] += own
        tokens[index].append(indexOfLargest(in: own))
      }
    }
    for index in samples.indices {
      traces[index].record(
        "logits", shape: [count, logits[index].count / count], logits[index])
      traces[index].record("action_tokens", tokens[index].map(Float.init))
    }
    return samples.indices.map { index in
      let width = logits[index].count / count
      return (0..<count).map { step in
        let own = logits[index][step * width..<(step + 1) * width]
        return own.allSatisfy(\.isFinite) ? tokens[index][step] : nil
      }
    }
  }
}
