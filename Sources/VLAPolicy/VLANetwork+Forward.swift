package import Manipulation
package import TensorMath

/// What the network makes of one observation.
package struct ForwardResult: Sendable {
  /// `[actionCount, 7]`, normalised, not clipped.
  package let normalizedActions: Matrix
  package let mask: LayerMask
  /// Differences between the first actions of neighbouring exits, for the exits that were tested.
  package let exitDifferences: [Float]
  package let tokenCount: Int
  package let textTokenCount: Int
}

extension VLANetwork {
  /// The ids of an instruction's prompt.
  package func promptIDs(_ instruction: String) throws -> [Int] {
    try Prompt.ids(instruction: instruction, tokenizer: tokenizer, configuration: configuration)
  }

  /// Picture and prompt → normalised actions.
  ///
  /// - Parameters:
  ///   - ids: The prompt, beginning of sequence first; the picture's tokens go after it.
  ///   - noise: Where the diffusion head starts, `[chunk, 7]`; `nil` draws it from `seed`.
  ///   - seed: Seeds the noise and what is random in the layer choice.
  package func forward(
    _ picture: RGBImage, promptIDs ids: [Int], selection: any LayerSelection, seed: UInt64,
    noise: Matrix? = nil, meter: inout ComputeMeter, trace: inout Trace
  ) -> ForwardResult {
    trace.record("token_ids", ids.map(Float.init))
    let visual = vision(picture, meter: &meter, trace: &trace)
    var embeddings = decoder.embed([ids[0]]).appending(visual)
      .appending(decoder.embed(Array(ids.dropFirst())))
    trace.record("embeddings", embeddings)
    let input = RoutingInput(
      embeddings: embeddings, imageTokens: 1..<1 + visual.rows, layerCount: decoder.depth,
      seed: seed, finalNorm: decoder.normalize)
    let chosen = meter.measure(.router) {
      selection.layers(for: input, counting: &$0, trace: &trace)
    }
    if selection.normalizesInput { embeddings = input.normalizedEmbeddings }
    var run = LanguageRun(
      decoder: decoder, selection: selection, embeddings: embeddings, decoding: head.decodesTokens)
    let outcome = runLayers(
      chosen, of: &run, rule: selection.exitRule, noise: noise ?? drawNoise(seed: seed),
      meter: &meter, trace: &trace)
    return ForwardResult(
      normalizedActions: outcome.actions, mask: LayerMask(shares: run.shares),
      exitDifferences: outcome.differences, tokenCount: run.hidden.rows,
      textTokenCount: ids.count)
  }

  /// Runs the chosen layers up to the last or to an exit, and the action head where it is due.
  private func runLayers(
    _ chosen: [Bool], of run: inout LanguageRun, rule: ExitRule?, noise: Matrix,
    meter: inout ComputeMeter, trace: inout Trace
  ) -> (actions: Matrix, differences: [Float]) {
    var exits = ExitTracker(rule: rule)
    var actions: Matrix?
    for layer in chosen.indices {
      if chosen[layer], actions == nil { run.run(layer, meter: &meter) }
      trace.record("layers.\(layer)", run.hidden)
      guard actions == nil, layer + 1 < chosen.count, exits.asks(after: layer + 1) else {
        continue
      }
      var exitTrace = trace.emptied
      let candidate = head.predict(from: run, noise: noise, meter: &meter, trace: &exitTrace)
      guard exits.leaves(after: layer + 1, with: candidate.row(0)) else { continue }
      actions = candidate
      trace.append(exitTrace)
    }
    trace.record("layer_mask", run.shares)
    trace.record("hidden", decoder.normalize(run.hidden))
    let final =
      actions ?? head.predict(from: run, noise: noise, meter: &meter, trace: &trace)
    if !exits.differences.isEmpty { trace.record("exit_deltas", exits.differences) }
    trace.record("normalized_actions", final)
    return (final, exits.differences)
  }

  /// Standard normal numbers for the diffusion head; no rows for a head that needs none.
  private func drawNoise(seed: UInt64) -> Matrix {
    guard case .diffusion(let head) = configuration.actionHead else {
      return Matrix(rows: 0, columns: ActionHead.actionWidth)
    }
    var generator = SeededGenerator(seed: SeededGenerator.derive(seed, ["diffusion noise"]))
    let count = head.chunk * ActionHead.actionWidth
    return Matrix(
      rows: head.chunk, columns: ActionHead.actionWidth,
      elements: (0..<count).map { _ in generator.gaussian() })
  }
}
