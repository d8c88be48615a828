internal import Manipulation
internal import NeuralLayers
internal import TensorMath

/// The language model on one observation's tokens, layer by layer.
struct LanguageRun: Sendable {
  let decoder: LanguageDecoder
  private let selection: any LayerSelection
  private let rotation: RotaryEmbedding
  /// `[tokenCount, width]`, after the layers so far.
  private(set) var hidden: Matrix
  /// The share of the tokens that each layer processed in the prefill.
  private(set) var shares: [Float]
  /// For each layer, where tokens follow that look back; `nil` keeps nothing.
  private var caches: [[KeyValueCache]?]
  private var scratch: LayerScratch
  private var position: Int

  /// - Parameter decoding: Whether single tokens follow the prefill.
  init(
    decoder: LanguageDecoder, selection: any LayerSelection, embeddings: Matrix, decoding: Bool
  ) {
    self.decoder = decoder
    self.selection = selection
    hidden = embeddings
    position = embeddings.rows
    rotation = decoder.rotation(positions: Array(0..<embeddings.rows))
    shares = [Float](repeating: 0, count: decoder.depth)
    caches = Array(repeating: decoding ? [KeyValueCache()] : nil, count: decoder.depth)
    scratch = decoder.scratch
  }

  /// Runs `layer` on the tokens that the selection gives it.
  mutating func run(_ layer: Int, meter: inout ComputeMeter) {
    let choice = meter.measure(.router) {
      selection.tokens(atLayer: layer, hidden: hidden, counting: &$0)
    }
    shares[layer] = Float(choice?.rows.count ?? hidden.rows) / Float(hidden.rows)
    meter.measure(.languageLayers) {
      apply(layer, to: choice, rotation: rotation, counting: &$0)
    }
  }

  /// Feeds one more token through the layers that ran in the prefill.
  mutating func step(_ token: Int, counting counter: inout MACCounter) {
    hidden = decoder.embed([token])
    let stepRotation = decoder.rotation(positions: [position])
    position += 1
    for layer in 0..<decoder.depth where shares[layer] > 0 {
      let choice = selection.tokens(atLayer: layer, hidden: hidden, counting: &counter)
      apply(layer, to: choice, rotation: stepRotation, counting: &counter)
    }
  }

  /// The last token's state after the final norm, `[1, width]`.
  var lastNormalizedState: Matrix {
    decoder.normalize(hidden.rows(hidden.rows - 1..<hidden.rows))
  }

  private mutating func apply(
    _ layer: Int, to choice: TokenChoice?, rotation: RotaryEmbedding,
    counting counter: inout MACCounter
  ) {
    guard let choice else {
      decoder.run(
        layer, on: &hidden, sequences: [0..<hidden.rows], rotation: rotation,
        caches: &caches[layer], scratch: &scratch, counting: &counter)
      return
    }
    let before = hidden.gathering(choice.rows)
    var after = before
    decoder.run(
      layer, on: &after, sequences: [0..<after.rows],
      rotation: rotation.gathering(choice.rows), caches: &caches[layer], scratch: &scratch,
      counting: &counter)
    hidden.scatter(after, before: before, choice: choice)
  }
}

extension Matrix {
  /// Puts processed rows back in place, each with its gate's share of the change.
  fileprivate mutating func scatter(_ after: Matrix, before: Matrix, choice: TokenChoice) {
    for (index, row) in choice.rows.enumerated() {
      let gate = choice.gates?[index] ?? 1
      for column in 0..<columns {
        let start = before.elements[index * columns + column]
        let end = after.elements[index * columns + column]
        elements[row * columns + column] = gate == 1 ? end : start + gate * (end - start)
      }
    }
  }
}
