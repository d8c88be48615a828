import NeuralLayers
import TensorMath
import Testing

@Suite struct AttentionTests {
  private let width = 8

  @Test("reading token by token with a cache equals reading all at once")
  func cache() {
    let attention = causalAttention(keyValueHeads: 2)
    let tokens = pseudoRandom(rows: 5, columns: width, seed: 1)
    var counter = MACCounter()
    var whole = KeyValueCache()
    let all = attention(
      tokens, rotation: rotation([0, 1, 2, 3, 4]), cache: &whole, counting: &counter)
    var growing = KeyValueCache()
    for position in 0..<5 {
      let one = attention(
        tokens.rows(position..<position + 1), rotation: rotation([position]), cache: &growing,
        counting: &counter)
      for (a, b) in zip(one.elements, all.row(position)) { #expect(abs(a - b) < 1e-5) }
    }
  }

  @Test("a later token changes nothing before it")
  func causal() {
    let attention = causalAttention(keyValueHeads: 4)
    let tokens = pseudoRandom(rows: 4, columns: width, seed: 2)
    var changed = tokens
    for column in 0..<width { changed.elements[3 * width + column] += 1 }
    #expect(run(attention, tokens).rows(0..<3) == run(attention, changed).rows(0..<3))
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

  private func causalAttention(keyValueHeads: Int) -> CausalSelfAttention {
    CausalSelfAttention(
      queryProjection: linear(width, width, seed: 8),
      keyProjection: linear(2 * keyValueHeads, width, seed: 9),
      valueProjection: linear(2 * keyValueHeads, width, seed: 10),
      outputProjection: linear(width, width, seed: 11),
      attention: ScaledDotProduct(
        headCount: 4, keyValueHeadCount: keyValueHeads, headWidth: 2))
  }

  private func run(_ attention: CausalSelfAttention, _ tokens: Matrix) -> Matrix {
    var counter = MACCounter()
    var cache = KeyValueCache()
    return attention(
      tokens, rotation: rotation(Array(0..<tokens.rows)), cache: &cache, counting: &counter)
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
