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

  /// Predicts from the state that the language model has reached.
  ///
  /// - Parameters:
  ///   - run: The language model, after some of its layers.
  ///   - noise: Standard normal `[chunk, 7]`, for the diffusion head.
  /// - Returns: Normalised actions, `[actionCount, 7]`.
  func predict(
    from run: LanguageRun, noise: Matrix, meter: inout ComputeMeter, trace: inout Trace
  ) -> Matrix {
    let cognition = run.lastNormalizedState.elements
    trace.record("cognition", cognition)
    switch self {
    case .diffusion(let head):
      trace.record("noise", noise)
      return meter.measure(.actionHead) {
        head(cognition: cognition, noise: noise, counting: &$0, trace: &trace)
      }
    case .tokens(let tokenizer, let count):
      let tokens = greedyTokens(count, from: run, meter: &meter, trace: &trace)
      return Matrix(row: tokens.map(tokenizer.value))
    }
  }

  /// Greedy decoding through the layers that the prefill ran.
  ///
  /// The steps after the prefill are booked on the action head, so that the language layers' count
  /// stays what one prefill costs.
  private func greedyTokens(
    _ count: Int, from run: LanguageRun, meter: inout ComputeMeter, trace: inout Trace
  ) -> [Int] {
    var run = run
    var tokens: [Int] = []
    var allLogits: [Float] = []
    while tokens.count < count {
      if let last = tokens.last { meter.measure(.actionHead) { run.step(last, counting: &$0) } }
      let logits = meter.measure(.languageHead) {
        run.decoder.logits(run.lastNormalizedState, counting: &$0).elements
      }
      allLogits += logits
      tokens.append(indicesOfLargest(1, in: logits)[0])
    }
    trace.record("logits", shape: [count, allLogits.count / count], allLogits)
    trace.record("action_tokens", tokens.map(Float.init))
    return tokens
  }
}
