internal import NeuralLayers
internal import TensorMath

/// A decoder layer's feed-forward block on a tape: whole, or in experts of which a router picks some
/// for each token (FactorLLM).
struct LearnedFeedForward: Sendable {
  private let experts: [Expert]
  private let router: LinearParameters?
  private let routing: ExpertRouting?

  private struct Expert: Sendable {
    let gate: LinearParameters
    let up: LinearParameters
    let down: LinearParameters

    func callAsFunction(
      _ tokens: Variable, addingTo residual: Variable? = nil, on tape: Tape
    ) -> Variable {
      let gated = tape.gatedSiLU(
        gate: tape.linear(tokens, gate), up: tape.linear(tokens, up))
      return tape.linear(gated, down, addingTo: residual)
    }
  }

  init(_ keys: FeedForwardKeys, language: LanguageConfiguration, layout: ParameterLayout) {
    experts = keys.experts.map {
      Expert(
        gate: layout.linear($0.gate), up: layout.linear($0.up), down: layout.linear($0.down))
    }
    router = keys.router.map(layout.linear)
    routing = language.factorization?.routing
  }

  /// - Parameters:
  ///   - hidden: What the block reads, `[tokenCount, width]`.
  ///   - plan: How experts are chosen, and who is told.
  /// - Returns: `residual` plus the block's answer.
  func callAsFunction(
    _ hidden: Variable, addingTo residual: Variable, plan: ExpertPlan, on tape: Tape
  ) -> Variable {
    guard let router, let routing, !plan.runsAll else {
      // The experts' answers add up to the dense block's.
      return experts.reduce(residual) { $1(hidden, addingTo: $0, on: tape) }
    }
    let scores = tape.linear(hidden, router)
    let choices = routing.choices(scores.matrix)
    let answers = zip(experts, choices.tokens).map { expert, tokens in
      tokens.isEmpty ? nil : expert(tape.gather(hidden, rows: tokens), on: tape)
    }
    if let book = plan.book, book.tape === tape {
      book.addBalance(scores, choices, routing)
      if book.options.priorWeight > 0 {
        let labels = labels(hidden, routing, book)
        // What is learnt here is the router's alone.
        book.addPrior(tape.linear(tape.constant(hidden.matrix), router), labels: labels)
      }
    }
    return tape.addExperts(
      answers, choices, gates: tape.gates(scores, choices, routing), to: residual)
  }

  /// The experts that come nearest to the whole block's answer, of each token.
  private func labels(_ hidden: Variable, _ routing: ExpertRouting, _ book: ExpertBook) -> [[Int]] {
    let silent = book.tape.silent()
    let answers = experts.map { $0(hidden, on: silent).matrix }
    book.addCost(of: silent)
    let prior = PriorApproximation(shrinking: Float(book.options.priorShrinking))
    return ExpertRouting(count: routing.count).choices(prior.scores(of: answers)).byToken
  }
}

/// How a pass treats factorized blocks.
struct ExpertPlan {
  /// Whether every expert runs, as in the dense model: for a teacher.
  var runsAll = false
  /// Who is told what the routers chose.
  var book: ExpertBook?
}

/// What a pass learns about its routers of experts: the mean over tokens and over the layers that run
/// on them.
final class ExpertBook {
  let options: ExpertOptions
  let tape: Tape
  private(set) var loss = LossParts()
  /// What one token in one layer counts.
  private let tokenWeight: Double

  /// - Parameters:
  ///   - tokenCount: Of all samples.
  ///   - layersPerToken: How many layers run on each.
  init(_ options: ExpertOptions, tokenCount: Int, layersPerToken: Int, tape: Tape) {
    self.options = options
    self.tape = tape
    tokenWeight = 1 / Double(tokenCount * layersPerToken)
  }

  /// The load balance of experts, E Σ f P (Switch).
  fileprivate func addBalance(
    _ scores: Variable, _ choices: ExpertChoices, _ routing: ExpertRouting
  ) {
    let (tokens, count) = (scores.rows, scores.columns)
    let shares = choices.tokens.map { Float($0.count) / Float(tokens * routing.count) }
    let share = tokenWeight * Double(tokens)
    let weights = (0..<tokens * count).map { Float(count) * shares[$0 % count] / Float(tokens) }
    let factor = share * options.balanceWeight
    let value = tape.weightedSum(tape.softmax(scores), weights: weights, factor: Float(factor))
    add(.expertBalance, share * value, weight: options.balanceWeight)
    let unused = Double(shares.count { $0 == 0 })
    loss.measures["unused_experts", default: 0] += share * unused
  }

  fileprivate func addPrior(_ scores: Variable, labels: [[Int]]) {
    let share = tokenWeight * Double(scores.rows)
    let value = tape.priorApproximation(
      scores, labels: labels, factor: Float(share * options.priorWeight))
    add(.prior, share * value, weight: options.priorWeight)
  }

  fileprivate func addCost(of other: Tape) {
    loss.multiplyAccumulates += other.multiplyAccumulates
  }

  private func add(_ part: LossPart, _ value: Double, weight: Double) {
    loss.parts[part, default: 0] += value
    loss.total += weight * value
  }
}
