import NeuralLayers
import TensorMath
import Testing

@Suite struct AttentionTests {
  private let width = 8

  @Test("reading token by token with a cache equals reading all at once")
  func cache() {
    let block = decoderBlock(keyValueHeads: 2)
    let tokens = pseudoRandom(rows: 5, columns: width, seed: 1)
    let all = run(block, tokens)
    var growing: [KeyValueCache]? = [KeyValueCache()]
    for position in 0..<5 {
      let one = run(
        block, tokens.rows(position..<position + 1), positions: [position], caches: &growing)
      for (a, b) in zip(one.elements, all.row(position)) { #expect(abs(a - b) < 1e-5) }
    }
  }

  @Test("a later token changes nothing before it")
  func causal() {
    let block = decoderBlock(keyValueHeads: 4)
    let tokens = pseudoRandom(rows: 4, columns: width, seed: 2)
    var changed = tokens
    for column in 0..<width { changed.elements[3 * width + column] += 1 }
    #expect(run(block, tokens).rows(0..<3) == run(block, changed).rows(0..<3))
    #expect(run(block, tokens).rows(3..<4) != run(block, changed).rows(3..<4))
  }

  @Test(
    "sequences of a batch give what each gives alone, bit for bit",
    .enabled(if: Precision.float32.ignoresOtherTokens))
  func batch() {
    let block = decoderBlock(keyValueHeads: 2)
    let parts = [3, 1, 5].enumerated().map {
      pseudoRandom(rows: $0.element, columns: width, seed: 20 + $0.offset)
    }
    let joined = parts[0].appending(parts[1]).appending(parts[2])
    let found = run(
      block, joined, positions: [0, 1, 2, 0, 0, 1, 2, 3, 4], sequences: [0..<3, 3..<4, 4..<9])
    #expect(found.rows(0..<3) == run(block, parts[0]))
    #expect(found.rows(3..<4) == run(block, parts[1]))
    #expect(found.rows(4..<9) == run(block, parts[2]))
  }

  @Test("sequences below one another do not mix")
  func sequences() {
    let attention = SelfAttention(
      jointProjection: linear(3 * width, width, seed: 3),
      outputProjection: linear(width, width, seed: 4), headCount: 2)
    let first = pseudoRandom(rows: 3, columns: width, seed: 5)
    let second = pseudoRandom(rows: 3, columns: width, seed: 6)
    var counter = MACCounter()
    let both = attention(first.appending(second), sequenceCount: 2, counting: &counter)
    let alone = attention(second, counting: &counter)
    for (a, b) in zip(both.rows(3..<6).elements, alone.elements) { #expect(abs(a - b) < 1e-5) }
  }

  @Test("rotation keeps lengths and depends on the distance of positions alone")
  func rotary() {
    let pair = pseudoRandom(rows: 2, columns: 4, seed: 7)
    func product(at positions: [Int]) -> Float {
      var turned = pair
      RotaryEmbedding(positions: positions, headWidth: 4, theta: 10000).rotate(&turned)
      return zip(turned.row(0), turned.row(1)).reduce(0) { $0 + $1.0 * $1.1 }
    }
    #expect(abs(product(at: [3, 5]) - product(at: [10, 12])) < 1e-5)
    #expect(abs(product(at: [3, 5]) - product(at: [3, 9])) > 1e-3)
  }

  private func decoderBlock(keyValueHeads: Int) -> DecoderBlock {
    let norm = RMSNorm(weight: [Float](repeating: 1, count: width), epsilon: 1e-6)
    return DecoderBlock(
      attentionNorm: norm,
      attention: CausalSelfAttention(
        queryProjection: linear(width, width, seed: 8),
        keyProjection: linear(2 * keyValueHeads, width, seed: 9),
        valueProjection: linear(2 * keyValueHeads, width, seed: 10),
        outputProjection: linear(width, width, seed: 11),
        shape: AttentionShape(headCount: 4, keyValueHeadCount: keyValueHeads, headWidth: 2)),
      feedForwardNorm: norm,
      feedForward: .dense(
        GatedFeedForward(
          gate: linear(12, width, seed: 12), up: linear(12, width, seed: 13),
          down: linear(width, 12, seed: 14))))
  }

  private func run(
    _ block: DecoderBlock, _ tokens: Matrix, positions: [Int]? = nil,
    sequences: [Range<Int>]? = nil
  ) -> Matrix {
    var caches: [KeyValueCache]?
    return run(block, tokens, positions: positions, sequences: sequences, caches: &caches)
  }

  private func run(
    _ block: DecoderBlock, _ tokens: Matrix, positions: [Int]?, sequences: [Range<Int>]? = nil,
    caches: inout [KeyValueCache]?
  ) -> Matrix {
    var result = tokens
    var scratch = LayerScratch(block.precision)
    var counter = MACCounter()
    block(
      &result, sequences: sequences ?? [0..<tokens.rows],
      rotation: rotation(positions ?? Array(0..<tokens.rows)), caches: &caches,
      scratch: &scratch, counting: &counter)
    return result
  }

  private func rotation(_ positions: [Int]) -> RotaryEmbedding {
    RotaryEmbedding(positions: positions, headWidth: 2, theta: 100)
  }

  private func linear(_ output: Int, _ input: Int, seed: Int) -> Linear {
    Linear(weight: pseudoRandom(rows: output, columns: input, seed: seed))
  }

  private func pseudoRandom(rows: Int, columns: Int, seed: Int) -> Matrix {
    var state = UInt32(truncatingIfNeeded: seed &* 7919 &+ 1)
    let elements = (0..<rows * columns).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) / Float(1 << 24) - 0.5
    }
    return Matrix(rows: rows, columns: columns, elements: elements)
  }
}
