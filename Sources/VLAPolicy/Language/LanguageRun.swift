internal import Manipulation
internal import NeuralLayers
internal import TensorMath

/// The language model on the tokens of one or more observations, layer by layer.
///
/// A layer runs once for all samples that chose it. Nothing of a sample's result depends on the
/// others: products and norms work row by row, attention sequence by sequence.
struct LanguageRun: Sendable {
  let decoder: LanguageDecoder
  private let selection: any LayerSelection
  /// After the layers so far, samples below one another.
  private var hidden: Matrix
  /// The rows of each sample.
  private var sequences: [Range<Int>]
  private var rotation: RotaryEmbedding
  /// `[sample][layer]`: the share of the tokens that the layer processed in the prefill.
  private(set) var shares: [[Float]]
  /// `[sample][layer][expert]`: the tokens of the prefill that a factorized layer gave to each expert;
  /// empty for other layers.
  private(set) var expertTokens: [[[Int]]]
  /// `[layer][sample]`, where tokens follow that look back; `nil` keeps nothing.
  private var caches: [[KeyValueCache]]?
  private var scratch: LayerScratch
  /// The position of each sample's next token.
  private var positions: [Int]

  /// - Parameters:
  ///   - embeddings: One `[tokenCount, width]` a sample.
  ///   - experts: What factorized layers are asked for.
  ///   - decoding: Whether single tokens follow the prefill.
  init(
    decoder: LanguageDecoder, selection: any LayerSelection, embeddings: [Matrix],
    experts: ExpertRun = ExpertRun(), decoding: Bool
  ) {
    self.decoder = decoder
    self.selection = selection
    hidden = Matrix(stacking: embeddings)
    positions = embeddings.map(\.rows)
    sequences = LanguageRun.consecutive(positions)
    // The same positions again and again: their sines are computed once.
    rotation = decoder.rotation(positions: Array(0..<(positions.max() ?? 0)))
    if embeddings.count > 1 {
      rotation = rotation.gathering(positions.flatMap { Array(0..<$0) })
    }
    shares = embeddings.map { _ in [Float](repeating: 0, count: decoder.depth) }
    let empty = embeddings.map { _ in KeyValueCache() }
    caches = decoding ? Array(repeating: empty, count: decoder.depth) : nil
    expertTokens = embeddings.map { _ in Array(repeating: [], count: decoder.depth) }
    scratch = decoder.scratch
    scratch.experts = experts
  }

  /// Runs `layer` on the tokens that the selection gives it of these samples.
  mutating func run(_ layer: Int, of samples: [Int], meter: inout ComputeMeter) {
    let parts = parts(of: samples, atLayer: layer, booking: .router, meter: &meter)
    for part in parts {
      shares[part.sample][layer] =
        Float(part.rowCount) / Float(sequences[part.sample].count)
    }
    run(layer, on: parts, booking: .languageLayers, meter: &meter)
    countExperts(ofLayer: layer, parts)
  }

  /// Books the experts of the layer that ran last on the samples.
  private mutating func countExperts(ofLayer layer: Int, _ parts: [Part]) {
    guard let count = decoder.configuration.factorization?.experts else { return }
    var rows = scratch.experts.chosen[...]
    for part in parts {
      var tokens = [Int](repeating: 0, count: count)
      for expert in rows.prefix(part.rowCount).joined() { tokens[expert] += 1 }
      expertTokens[part.sample][layer] = tokens
      rows = rows.dropFirst(part.rowCount)
    }
  }

  /// Feeds one more token to each of these samples, through the layers that ran in its prefill.
  ///
  /// Booked on the action head, so that the language layers' count stays what one prefill costs.
  mutating func step(_ tokens: [Int], of samples: [Int], meter: inout ComputeMeter) {
    hidden = decoder.embed(tokens)
    rotation = decoder.rotation(positions: samples.map { positions[$0] })
    sequences = Array(repeating: 0..<0, count: sequences.count)
    for (row, sample) in samples.enumerated() {
      sequences[sample] = row..<row + 1
      positions[sample] += 1
    }
    for layer in 0..<decoder.depth {
      let running = samples.filter { shares[$0][layer] > 0 }
      let parts = parts(of: running, atLayer: layer, booking: .actionHead, meter: &meter)
      run(layer, on: parts, booking: .actionHead, meter: &meter)
    }
  }

  /// What the feed-forward block of the layer that ran last read of all samples, `[tokenCount, width]`;
  /// `nil` unless it is factorized and that was asked for.
  var feedForwardInput: Matrix? { scratch.experts.input }

  /// The states of one sample, `[tokenCount, width]`.
  func state(of sample: Int) -> Matrix { hidden.rows(sequences[sample]) }

  /// The last tokens' states after the final norm, `[samples.count, width]`.
  func lastNormalizedStates(of samples: [Int]) -> Matrix {
    decoder.normalize(hidden.gathering(samples.map { sequences[$0].upperBound - 1 }))
  }

  /// What a layer processes of one sample.
  private struct Part {
    let sample: Int
    let sequence: Range<Int>
    /// `nil` for all rows of the sequence.
    let choice: TokenChoice?

    var rowCount: Int { choice?.rows.count ?? sequence.count }

    /// The rows of the batch.
    var rows: [Int] { choice?.rows.map { sequence.lowerBound + $0 } ?? Array(sequence) }

    var gates: [Float] { choice?.gates ?? [Float](repeating: 1, count: rowCount) }
  }

  private func parts(
    of samples: [Int], atLayer layer: Int, booking part: PolicyPart, meter: inout ComputeMeter
  ) -> [Part] {
    guard !samples.isEmpty else { return [] }
    let shares = samples.map { WorkShare(sample: $0, rows: sequences[$0].count) }
    return meter.measure(part, sharedBy: shares) { counter in
      samples.map { sample in
        Part(
          sample: sample, sequence: sequences[sample],
          choice: selection.tokens(
            atLayer: layer, hidden: hidden, rows: sequences[sample], counting: &counter))
      }
    }
  }

  private mutating func run(
    _ layer: Int, on parts: [Part], booking part: PolicyPart, meter: inout ComputeMeter
  ) {
    guard !parts.isEmpty else { return }
    var own = takeCaches(ofLayer: layer, parts)
    let shares = parts.enumerated().map { index, part in
      WorkShare(
        sample: part.sample, rows: part.rowCount,
        attention: decoder.configuration.attentionMACs(
          tokenCount: part.rowCount, keyCount: (own?[index].count ?? 0) + part.rowCount))
    }
    meter.measure(part, sharedBy: shares) {
      run(layer, on: parts, caches: &own, counting: &$0)
    }
    guard let own else { return }
    for (part, cache) in zip(parts, own) { caches?[layer][part.sample] = cache }
  }

  /// Where the parts are the whole batch the layer works in place, else on a copy of their rows.
  private mutating func run(
    _ layer: Int, on parts: [Part], caches: inout [KeyValueCache]?,
    counting counter: inout MACCounter
  ) {
    let sequences = LanguageRun.consecutive(parts.map(\.rowCount))
    if parts.allSatisfy({ $0.choice == nil }), sequences.last?.upperBound == hidden.rows {
      decoder.run(
        layer, on: &hidden, sequences: sequences, rotation: rotation, caches: &caches,
        scratch: &scratch, counting: &counter)
      return
    }
    let rows = parts.flatMap(\.rows)
    var chosen = hidden.gathering(rows)
    decoder.run(
      layer, on: &chosen, sequences: sequences, rotation: rotation.gathering(rows),
      caches: &caches, scratch: &scratch, counting: &counter)
    hidden.scatter(chosen, to: rows, gates: parts.flatMap(\.gates))
  }

  /// Takes the caches out, so that they grow in place.
  private mutating func takeCaches(ofLayer layer: Int, _ parts: [Part]) -> [KeyValueCache]? {
    guard var all = caches else { return nil }
    caches = nil
    defer { caches = all }
    return parts.map { part in
      var cache = KeyValueCache()
      swap(&cache, &all[layer][part.sample])
      return cache
    }
  }

  /// Ranges of these lengths, one after the other from 0.
  private static func consecutive(_ lengths: [Int]) -> [Range<Int>] {
    var end = 0
    return lengths.map { length in
      end += length
      return end - length..<end
    }
  }
}

extension Matrix {
  /// Puts processed rows in their places, each with its gate's share of the change.
  fileprivate mutating func scatter(_ processed: Matrix, to rows: [Int], gates: [Float]) {
    let (columns, source) = (columns, processed.elements.span)
    var target = elements.mutableSpan
    for (index, row) in rows.enumerated() {
      let end = source.extracting(index * columns..<(index + 1) * columns)
      var state = target._mutatingExtracting(row * columns..<(row + 1) * columns)
      let gate = gates[index]
      for column in state.indices {
        state[column] =
          gate == 1 ? end[column] : state[column] + gate * (end[column] - state[column])
      }
    }
  }
}
