internal import Manipulation
internal import NeuralLayers
internal import Synchronization
package import TensorMath

/// A language model's loss on windows of text: −log p of every token but a window's first, and what
/// routers of experts learn beside it.
package final class LanguageObjective: Sendable {
  package let layout: ParameterLayout
  private let decoder: LearnedDecoder
  private let head: LinearParameters
  private let isFactorized: Bool
  private let options: ExpertOptions
  private let precision: Precision
  private let pools = Mutex<[StoragePool]>([])

  package init(
    _ configuration: LanguageModelConfiguration, _ options: ExpertOptions,
    precision: Precision = .float32
  ) {
    let keys = configuration.keys
    layout = ParameterLayout(configuration.parameters)
    decoder = LearnedDecoder(configuration.language, keys: keys, layout: layout)
    guard let head = keys.head else { preconditionFailure("a language model scores tokens") }
    self.head = layout.linear(head)
    isFactorized = configuration.language.factorization != nil
    self.options = options
    self.precision = precision
  }

  /// Adds the gradient of the mean loss over some windows to `gradient`, on the calling thread.
  ///
  /// - Parameter windows: Of at least two tokens each.
  package func differentiate(
    _ windows: [[Int]], at parameters: FloatStorage, into gradient: FloatStorage
  ) -> LossParts {
    let pool = pools.withLock { $0.popLast() } ?? StoragePool()
    defer { pools.withLock { $0.append(pool) } }
    let tape = Tape(parameters: parameters, gradients: gradient, pool: pool, precision: precision)
    var loss = loss(of: windows, on: tape)
    tape.backward()
    loss.multiplyAccumulates += tape.multiplyAccumulates
    return loss
  }

  private func loss(of windows: [[Int]], on tape: Tape) -> LossParts {
    let sequences = consecutiveRanges(windows.map(\.count))
    let rotation = decoder.rotation(positions: sequences.flatMap { Array(0..<$0.count) })
    var plan = ExpertPlan()
    if isFactorized {
      plan.book = ExpertBook(
        options, tokenCount: windows.reduce(0) { $0 + $1.count }, layersPerToken: decoder.depth,
        tape: tape)
    }
    let states = (0..<decoder.depth).reduce(decoder.embed(windows.flatMap(\.self), on: tape)) {
      decoder.run(
        $1, on: $0, sequences: sequences, rotation: rotation, experts: plan, tape: tape)
    }
    let foretelling = tape.gather(
      decoder.normalize(states, on: tape), rows: sequences.flatMap { Array($0.dropLast()) })
    let task = tape.crossEntropy(
      tape.linear(foretelling, head), targets: windows.flatMap { $0.dropFirst() }, factor: 1)
    var loss = LossParts(total: task, parts: [.task: task])
    if let book = plan.book { loss.add(book.loss) }
    return loss
  }
}
