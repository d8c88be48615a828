internal import Manipulation
package import TensorMath

/// A gated feed-forward block cut into experts, of which a router picks some for each token
/// (FactorLLM). An expert that a token did not pick is not run on it.
package struct FactorizedFeedForward: Sendable {
  private let experts: [GatedFeedForward]
  /// One score an expert; not quantized, as a decision hangs on small differences.
  private let router: Linear
  /// As the checkpoint has it; a run may ask for another number of experts.
  package let routing: ExpertRouting

  /// - Parameters:
  ///   - experts: Of equal width; together they are the dense block.
  ///   - router: `[expertCount, width]`.
  package init(experts: [GatedFeedForward], router: Linear, routing: ExpertRouting) {
    precondition(
      router.outputWidth == experts.count && (1...experts.count).contains(routing.count),
      "\(routing.count) of \(experts.count) experts by \(router.outputWidth) scores")
    self.experts = experts
    self.router = router
    self.routing = routing
  }

  package var expertCount: Int { experts.count }

  /// - Parameter tokens: `[tokenCount, width]`; the answer has the same shape.
  package func callAsFunction(_ tokens: Matrix, counting counter: inout MACCounter) -> Matrix {
    var scratch = LayerScratch(experts[0].precision)
    var result = Matrix(rows: tokens.rows, columns: tokens.columns)
    callAsFunction(
      addingTo: &result, normalized: tokens, scratch: &scratch, counting: &counter)
    return result
  }

  /// What every expert says of these tokens, one `[tokenCount, width]` an expert.
  ///
  /// - Parameter normalized: What the block reads, `[tokenCount, width]`.
  package func answers(
    to normalized: Matrix, scratch: inout LayerScratch, counting counter: inout MACCounter
  ) -> [Matrix] {
    experts.map { expert in
      scratch.input.fill(normalized)
      var answer = Matrix(rows: normalized.rows, columns: normalized.columns)
      expert(into: &answer, finish: .store, scratch: &scratch, counting: &counter)
      return answer
    }
  }

  /// What the choice of experts goes by, `[tokenCount, expertCount]`.
  private func scores(
    of normalized: Matrix, count: Int, scratch: inout LayerScratch,
    counting counter: inout MACCounter
  ) -> Matrix {
    switch scratch.experts.source {
    case .router: return router(normalized, counting: &counter)
    case .random:
      return Matrix(
        rows: normalized.rows, columns: expertCount,
        elements: (0..<normalized.rows * expertCount).map { _ in
          Float(scratch.experts.generator.uniform())
        })
    case .label(let shrinking):
      let answers = answers(to: normalized, scratch: &scratch, counting: &counter)
      return PriorApproximation(shrinking: shrinking).scores(of: answers)
    case .oracle:
      let answers = answers(to: normalized, scratch: &scratch, counting: &counter)
      return ExpertOracle(count: count).scores(of: answers)
    }
  }

  var products: [LayerProduct] { experts.flatMap(\.products) }

  /// Adds the block's answer to `tokens`, `[tokenCount, width]`.
  ///
  /// `scratch.experts` says how many experts a token gets, and is told which.
  ///
  /// - Parameter normalized: What the block reads of the tokens, `[tokenCount, width]`.
  func callAsFunction(
    addingTo tokens: inout Matrix, normalized: Matrix, scratch: inout LayerScratch,
    counting counter: inout MACCounter
  ) {
    var routing = routing
    routing.count = min(scratch.experts.count ?? routing.count, expertCount)
    let choices = routing.choices(
      scores(of: normalized, count: routing.count, scratch: &scratch, counting: &counter))
    scratch.experts.record(choices, of: normalized)
    for (expert, own) in experts.enumerated() {
      let (rows, gates) = (choices.tokens[expert], choices.gates[expert])
      guard !rows.isEmpty else { continue }
      scratch.input.fill(normalized, rows: rows)
      if routing.count == expertCount, gates.allSatisfy({ $0 == 1 }) {
        // With everything chosen the block is the dense one; alone, an expert is so to the last bit.
        own(addingTo: &tokens, scratch: &scratch, counting: &counter)
      } else {
        own(to: rows, gates: gates, addingTo: &tokens, scratch: &scratch, counting: &counter)
      }
    }
  }
}

/// What a run tells a factorized block, and what it is told.
package struct ExpertRun: Sendable {
  /// Experts of a token; `nil` is as the checkpoint has it.
  package var count: Int?
  package var source = Source.router
  /// For experts that are drawn.
  var generator = SeededGenerator(seed: 0)
  /// The experts of each token of the layer that ran last; empty where it was a dense one.
  package private(set) var chosen: [[Int]] = []
  /// Whether what the block read is kept, for a router that learns from it.
  package var keepsInput = false
  /// What the layer that ran last read, `[tokenCount, width]`.
  package private(set) var input: Matrix?

  /// What the choice goes by. All but the router are for studies, and cost more than they save.
  package enum Source: Equatable, Sendable {
    case router
    case random
    /// FactorLLM's label, with what the dense answer is multiplied by.
    case label(shrinking: Float)
    /// The subset whose sum comes nearest to the dense answer.
    case oracle
  }

  package init(count: Int? = nil, source: Source = .router, seed: UInt64 = 0) {
    self.count = count
    self.source = source
    generator = SeededGenerator(seed: seed)
  }

  mutating func record(_ choices: ExpertChoices, of normalized: Matrix) {
    input = keepsInput ? normalized : nil
    chosen = choices.byToken
  }

  mutating func reset() {
    chosen = []
    input = nil
  }
}

extension GatedFeedForward {
  /// Adds the block's answers to the tokens in `scratch.input`, each times its gate, to some rows.
  fileprivate func callAsFunction(
    to rows: [Int], gates: [Float], addingTo tokens: inout Matrix, scratch: inout LayerScratch,
    counting counter: inout MACCounter
  ) {
    // Taken out of the scratch while that is written to.
    var change = Matrix(rows: 0, columns: 0)
    swap(&change, &scratch.change)
    change.reshape(rows: rows.count, columns: tokens.columns)
    callAsFunction(into: &change, finish: .store, scratch: &scratch, counting: &counter)
    defer { swap(&change, &scratch.change) }
    let (columns, source) = (tokens.columns, change.elements.span)
    var target = tokens.elements.mutableSpan
    for (index, row) in rows.enumerated() {
      for column in 0..<columns {
        target[row * columns + column] += gates[index] * source[index * columns + column]
      }
    }
  }
}

extension Activations {
  /// Takes over some rows of a matrix.
  fileprivate mutating func fill(_ tokens: Matrix, rows: [Int]) {
    let elements = tokens.elements.span
    let columns = tokens.columns
    fill(rows: rows.count, columns: columns) { row, target in
      let source = elements.extracting(rows[row] * columns..<(rows[row] + 1) * columns)
      for column in target.indices { target[column] = source[column] }
    }
  }
}
