import Manipulation
import NeuralLayers
import TensorMath
import Testing

/// FactorLLM's acceptance tests of the split, the routing and the count of what runs.
@Suite struct FactorizedFeedForwardTests {
  private let block = SplitBlock()
  private let tokens = SplitBlock.tokens(17)

  private func split(_ experts: Int, seed: UInt64? = nil) throws -> ExpertSplit {
    guard let seed else { return try #require(.contiguous(96, expertCount: experts)) }
    var generator = SeededGenerator(seed: seed)
    return try #require(.random(96, expertCount: experts, using: &generator))
  }

  private func answer(_ block: FactorizedFeedForward, to tokens: Matrix) -> Matrix {
    var counter = MACCounter()
    return block(tokens, counting: &counter)
  }

  private func dense(_ block: SplitBlock, to tokens: Matrix) -> Matrix {
    var counter = MACCounter()
    return block.dense(tokens, counting: &counter)
  }

  @Test(
    "all experts together are the dense block, however the neurons are shared",
    arguments: [1, 2, 4, 8], [nil, 3] as [UInt64?])
  func identity(experts: Int, seed: UInt64?) throws {
    let whole = block.factorized(try split(experts, seed: seed), ExpertRouting(count: experts))
    #expect(relativeDistance(answer(whole, to: tokens), dense(block, to: tokens)) <= 2e-6)
  }

  @Test("one expert is the dense block to the last bit")
  func oneExpert() throws {
    let whole = block.factorized(try split(1), ExpertRouting(count: 1))
    #expect(answer(whole, to: tokens) == dense(block, to: tokens))
  }

  @Test("the experts' weights joined are the block's, bit for bit")
  func joined() throws {
    let split = try split(4, seed: 7)
    let all = 0..<4
    #expect(split.joiningRows(all.map { split.rows(of: block.gate, expert: $0) }) == block.gate)
    #expect(
      split.joiningColumns(all.map { split.columns(of: block.down, expert: $0) }) == block.down)
    #expect(split.rows(of: block.gate, expert: 1) != block.gate.rows(24..<48))
  }

  @Test("neurons of gate, up and down in different experts are not the dense block")
  func neuronsApart() throws {
    let (one, other) = (try split(4, seed: 7), try split(4, seed: 8))
    let experts = (0..<4).map {
      block.block(
        one.rows(of: block.gate, expert: $0), other.rows(of: block.up, expert: $0),
        one.columns(of: block.down, expert: $0))
    }
    let whole = FactorizedFeedForward(
      experts: experts, router: Linear(weight: Matrix(rows: 4, columns: 48)),
      routing: ExpertRouting(count: 4))
    #expect(relativeDistance(answer(whole, to: tokens), dense(block, to: tokens)) > 0.1)
  }

  @Test("the answers of all pairs of experts add up to three times the dense block")
  func pairs() throws {
    let split = try split(4, seed: 7)
    var sum = Matrix(rows: 17, columns: 48)
    for first in 0..<4 {
      for second in 0..<first {
        let bias = (0..<4).map { Float($0 == first || $0 == second ? 1 : 0) }
        let pair = block.factorized(split, ExpertRouting(count: 2), bias: bias)
        sum.add(answer(pair, to: tokens))
      }
    }
    var expected = dense(block, to: tokens)
    for index in expected.elements.indices { expected.elements[index] *= 3 }
    #expect(relativeDistance(sum, expected) <= 2e-6)
  }

  @Test("an answer that is put in place of the others' is not the dense block's")
  func replaced() throws {
    let split = try split(4)
    let last = block.factorized(split, ExpertRouting(count: 1), bias: [0, 0, 0, 1])
    #expect(relativeDistance(answer(last, to: tokens), dense(block, to: tokens)) > 0.1)
  }

  @Test("of equal scores the lowest experts win, and each comes once")
  func ties() {
    let scores = Matrix(rows: 2, columns: 4, elements: [0, 0, 0, 0, 1, 2, 2, 0])
    let choices = ExpertRouting(count: 2).choices(scores)
    #expect(choices.tokens == [[0], [0, 1], [1], []])
    #expect(choices.gates == [[1], [1, 1], [1], []])
  }

  @Test("soft gates share k among the chosen by their probabilities; the scale multiplies them")
  func softGates() {
    let scores = Matrix(row: [0, 1.0986123, -5])
    let choices = ExpertRouting(count: 2, gate: .soft, scale: 3).choices(scores)
    #expect(abs(choices.gates[0][0] - 1.5) < 1e-5)
    #expect(abs(choices.gates[1][0] - 4.5) < 1e-5)
    #expect(choices.gates[2].isEmpty)
  }

  @Test("the order of the experts changes nothing, nor does what all scores have in common")
  func order() throws {
    let split = try split(4, seed: 7)
    let router = SplitBlock.tokens(4, seed: 4)
    let routed = block.factorized(split, ExpertRouting(count: 2), router: router)
    let expected = answer(routed, to: tokens)
    let order = [2, 0, 3, 1]
    let other = try #require(
      ExpertSplit(permutation: order.flatMap(split.neurons), expertCount: 4))
    let turned = block.factorized(
      other, ExpertRouting(count: 2), router: router.gathering(order))
    #expect(relativeDistance(answer(turned, to: tokens), expected) <= 2e-6)
    let raised = block.factorized(
      split, ExpertRouting(count: 2), router: router, bias: [7, 7, 7, 7])
    #expect(answer(raised, to: tokens) == expected)
  }

  @Test("a token's answer depends on no other token, and an expert may have none")
  func independence() throws {
    let split = try split(4, seed: 7)
    let routed = block.factorized(
      split, ExpertRouting(count: 2), router: SplitBlock.tokens(4, seed: 4))
    let together = answer(routed, to: tokens)
    for row in [0, 9, 16] {
      let alone = answer(routed, to: tokens.rows(row..<row + 1))
      #expect(relativeDistance(alone, together.rows(row..<row + 1)) <= 2e-6)
    }
  }

  @Test("what is counted are the rows that ran", arguments: [1, 2, 3, 4])
  func counted(count: Int) throws {
    let routed = block.factorized(
      try split(4), ExpertRouting(count: count), router: SplitBlock.tokens(4, seed: 4))
    var counter = MACCounter()
    _ = routed(tokens, counting: &counter)
    #expect(counter.count == 3 * 48 * 24 * 17 * count + 48 * 4 * 17)
  }

  @Test("what is no permutation, or cannot be shared evenly, is no split")
  func refused() {
    #expect(ExpertSplit(permutation: [0, 1, 2], expertCount: 2) == nil)
    #expect(ExpertSplit(permutation: [0, 1, 1, 3], expertCount: 2) == nil)
    #expect(ExpertSplit(permutation: [0, 1, 2, 4], expertCount: 2) == nil)
    #expect(ExpertSplit(permutation: [], expertCount: 1) == nil)
    #expect(ExpertSplit(permutation: [0], expertCount: 0) == nil)
  }
}
