internal import NeuralLayers
internal import TensorMath

/// CogACT's diffusion head on a tape, as far as it predicts noise.
struct LearnedDiffusionHead: Sendable {
  let configuration: DiffusionConfiguration
  let schedule: NoiseSchedule
  private let positions: Range<Int>
  private let actionEmbedding: LinearParameters
  private let timeEmbedding: [LinearParameters]
  private let uncondition: Range<Int>
  private let conditionEmbedding: LinearParameters
  private let blocks: [LearnedEncoderBlock]
  private let output: LinearParameters

  init(_ head: DiffusionConfiguration, configuration: Configuration, layout: ParameterLayout) {
    self.configuration = head
    schedule = NoiseSchedule(stepCount: head.diffusionSteps)
    let keys = DiffusionHeadKeys(head, configuration: configuration)
    positions = layout.place(keys.positions)
    actionEmbedding = layout.linear(keys.actionEmbedding)
    timeEmbedding = [layout.linear(keys.timeExpand), layout.linear(keys.timeContract)]
    uncondition = layout.place(keys.uncondition)
    conditionEmbedding = layout.linear(keys.conditionEmbedding)
    blocks = keys.blocks.map {
      LearnedEncoderBlock($0, headCount: head.heads, layout: layout)
    }
    output = layout.linear(keys.output)
  }

  /// The noise that the network sees in noisy chunks.
  ///
  /// - Parameters:
  ///   - noisy: `[rowCount * chunk, 7]`, one chunk a row of the conditions.
  ///   - steps: The diffusion step of each chunk.
  ///   - cognition: `[sampleCount, languageWidth]`.
  ///   - conditions: The sample that each chunk is conditioned on; `nil` for nothing.
  /// - Returns: `[rowCount * chunk, 7]`.
  func predictNoise(
    _ noisy: Matrix, steps: [Int], cognition: Variable, conditions: [Int?], on tape: Tape
  ) -> Variable {
    let (chunk, count) = (configuration.chunk, steps.count)
    let nothing = tape.parameter(uncondition, columns: cognition.columns)
    let condition = tape.gather(
      tape.stack([cognition, nothing]), rows: conditions.map { $0 ?? cognition.rows })
    let features = Matrix(
      stacking: steps.map { Matrix(row: DiffusionHead.timeFeatures($0)) })
    let times = tape.feedForward(tape.constant(features), timeEmbedding, .silu)
    let first = tape.linear(condition, conditionEmbedding, addingTo: times)
    let embedded = tape.linear(tape.constant(noisy), actionEmbedding)
    let places = (0..<count).flatMap { row in
      [row] + (0..<chunk).map { count + row * chunk + $0 }
    }
    let table = tape.parameter(positions, columns: configuration.width)
    var tokens = tape.add(
      tape.gather(tape.stack([first, embedded]), rows: places),
      tape.gather(table, rows: (0..<count).flatMap { _ in Array(0...chunk) }))
    let sequences = consecutiveRanges(steps.map { _ in chunk + 1 })
    for block in blocks { tokens = block(tokens, sequences: sequences, on: tape) }
    let normalized = tape.layerNorm(tokens, epsilon: DiffusionHead.normEpsilon)
    let rows = sequences.flatMap { $0.dropFirst() }
    return tape.linear(tape.gather(normalized, rows: rows), output)
  }
}
