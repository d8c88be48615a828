package import Checkpoints
internal import Foundation
package import Manipulation
package import NeuralLayers
package import TensorMath

/// A language model alone, so that layers can be skipped without a robot.
package struct LanguageModel: Sendable {
  package let configuration: LanguageModelConfiguration
  package let decoder: LanguageDecoder
  package let tokenizer: Tokenizer

  /// What the model makes of a text.
  package struct Result: Sendable {
    /// Scores of the next token at each place, `[tokenCount, vocabularySize]`.
    package let logits: Matrix
    package let mask: LayerMask
  }

  /// Loads a folder of `LlamaForCausalLM`: config.json, safetensors, tokenizer.
  ///
  /// - Throws: `CheckpointError` or `PolicyError`; missing and misshapen tensors all at once.
  package init(_ folder: CheckpointFolder, precision: Precision? = nil) throws {
    configuration = try folder.languageModel()
    let archive = try folder.archive()
    try configuration.check(archive)
    let loader = ParameterLoader(source: archive, precision: precision)
    try loader.checkTypes(of: configuration)
    try loader.checkMemory(for: configuration)
    decoder = try LanguageDecoder(
      configuration.language, keys: configuration.keys, loader: loader)
    tokenizer = try folder.tokenizer()
  }

  /// The ids of a text, the piece that begins a sequence first where the tokenizer has one.
  ///
  /// - Throws: `PolicyError.badPrompt` for no token or too many, `.vocabularyTooSmall`.
  package func ids(of text: String) throws -> [Int] {
    let ids = try tokenizer.encode(text, addBeginning: true)
    try Prompt.check(ids, vocabularySize: configuration.language.vocabularySize)
    return ids
  }

  /// Runs the chosen layers over all tokens.
  ///
  /// Stages: `token_ids`, `embeddings`, `layers.<i>`, `layer_mask`, `hidden` (after the final
  /// norm), `logits`.
  ///
  /// - Parameters:
  ///   - ids: At least one id of the vocabulary.
  ///   - seed: Seeds what is random in the choice of layers.
  ///   - experts: What factorized layers are asked for.
  package func run(
    _ ids: [Int], selection: any LayerSelection, seed: UInt64, experts: ExpertRun = ExpertRun(),
    meter: inout ComputeMeter, trace: inout Trace
  ) -> Result {
    trace.record("token_ids", ids.map(Float.init))
    let embeddings = decoder.embed(ids)
    trace.record("embeddings", embeddings)
    let input = RoutingInput(
      embeddings: embeddings, imageTokens: 0..<0, layerCount: decoder.depth, seed: seed,
      finalNorm: decoder.normalize)
    let chosen = selection.layers(for: input, meter: &meter, trace: &trace)
    var run = LanguageRun(
      decoder: decoder, selection: selection, embeddings: [embeddings], experts: experts,
      decoding: false)
    for layer in chosen.indices {
      if chosen[layer] { run.run(layer, of: [0], meter: &meter) }
      if let input = run.feedForwardInput { trace.record("layers.\(layer).mlp_input", input) }
      trace.record("layers.\(layer)", run.state(of: 0))
    }
    trace.record("layer_mask", run.shares[0])
    let hidden = decoder.normalize(run.state(of: 0))
    trace.record("hidden", hidden)
    let logits = meter.measure(.languageHead) { decoder.logits(hidden, counting: &$0) }
    trace.record("logits", logits)
    return Result(logits: logits, mask: LayerMask(shares: run.shares[0]))
  }
}

extension LayerSelection {
  fileprivate func layers(
    for input: RoutingInput, meter: inout ComputeMeter, trace: inout Trace
  ) -> [Bool] {
    meter.measure(.router) { layers(for: input, counting: &$0, trace: &trace) }
  }
}
