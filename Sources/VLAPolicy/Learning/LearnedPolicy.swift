internal import Manipulation
internal import NeuralLayers
internal import TensorMath

/// The whole policy on a tape: where its parts lie among the parameters.
struct LearnedPolicy: Sendable {
  let configuration: Configuration
  let vision: LearnedVision
  private let gripperProjector: [LinearParameters]?
  let decoder: LearnedDecoder
  let router: (any LearnedRouter)?
  let depthRouters: [LinearParameters]?
  let head: LearnedDiffusionHead

  /// - Throws: `PolicyError.badConfiguration` for what cannot be trained.
  init(_ configuration: Configuration, layout: ParameterLayout) throws {
    guard case .diffusion(let diffusion) = configuration.actionHead else {
      throw PolicyError.badConfiguration(
        file: VLANetwork.configurationName,
        problem: "only policies with a diffusion head are trained, and this one has action tokens")
    }
    guard configuration.towers.allSatisfy({ $0.positionGrid == nil && !$0.positionPrefix }) else {
      throw PolicyError.badConfiguration(
        file: VLANetwork.configurationName,
        problem: "towers with tables of positions of another size are not trained")
    }
    self.configuration = configuration
    vision = LearnedVision(configuration, layout: layout)
    gripperProjector = configuration.gripperProjector.map { $0.layers.map(layout.linear) }
    decoder = LearnedDecoder(
      configuration.language, keys: DecoderKeys(configuration), layout: layout)
    router = configuration.router.map {
      switch $0.kind {
      case .star: LearnedSTARRouter($0, configuration: configuration, layout: layout)
      case .linear: LearnedLinearRouter($0, configuration: configuration, layout: layout)
      }
    }
    depthRouters = configuration.mixtureOfDepths.map { _ in
      DepthRouterKeys(configuration).layers.map(layout.linear)
    }
    head = LearnedDiffusionHead(diffusion, configuration: configuration, layout: layout)
  }

  /// The language model's input for some samples, before its first layer.
  func languageInput(_ samples: [LearningSample], on tape: Tape) -> LanguageInput {
    let visual = vision(samples.map(\.picture), on: tape)
    let imageTokenCount = visual.rows / samples.count
    let text = decoder.embed(samples.flatMap(\.promptIDs), on: tape)
    let texts = consecutiveRanges(samples.map(\.promptIDs.count))
    var parts = [text, visual]
    if let gripperProjector {
      let last = tape.gather(text, rows: texts.map { $0.upperBound - 1 })
      parts.append(tape.add(last, told(samples, gripperProjector, on: tape)))
    }
    let ends = parts.map(\.rows)
    let rows = texts.enumerated().flatMap { sample, text in
      let start = ends[0] + sample * imageTokenCount
      let last = parts.count > 2 ? ends[0] + ends[1] + sample : text.upperBound - 1
      return [text.lowerBound] + (start..<start + imageTokenCount)
        + text.dropFirst().dropLast() + [last]
    }
    let sequences = consecutiveRanges(texts.map { $0.count + imageTokenCount })
    return LanguageInput(
      tokens: tape.gather(tape.stack(parts), rows: rows), sequences: sequences,
      rotation: decoder.rotation(positions: sequences.flatMap { Array(0..<$0.count) }),
      imageTokenCount: imageTokenCount)
  }

  /// What is added to the last tokens of the prompts, `[sample, width]`.
  private func told(
    _ samples: [LearningSample], _ projector: [LinearParameters], on tape: Tape
  ) -> Variable {
    let states = Matrix(stacking: samples.map { Matrix(row: $0.gripper) })
    return tape.feedForward(tape.constant(states), projector, .gelu)
  }

  /// The final-norm states of all tokens after every layer ran.
  func denseFeatures(_ input: LanguageInput, on tape: Tape) -> Variable {
    decoder.normalize(run(0..<decoder.depth, on: input.tokens, input, tape), on: tape)
  }

  /// Runs some layers on all samples.
  func run(
    _ layers: some Sequence<Int>, on tokens: Variable, _ input: LanguageInput, _ tape: Tape
  ) -> Variable {
    layers.reduce(tokens) { tokens, layer in
      decoder.run(
        layer, on: tokens, sequences: input.sequences, rotation: input.rotation,
        experts: input.experts, tape: tape)
    }
  }

  /// Runs one layer on some of the samples alone.
  ///
  /// - Returns: Their rows below one another; `nil` where there are none.
  func run(
    _ layer: Int, ofSamples samples: [Int], on tokens: Variable, _ input: LanguageInput,
    _ tape: Tape
  ) -> Variable? {
    guard !samples.isEmpty else { return nil }
    if samples.count == input.sequences.count {
      return run([layer], on: tokens, input, tape)
    }
    let rows = input.rows(ofSamples: samples)
    return decoder.run(
      layer, on: tape.gather(tokens, rows: rows),
      sequences: consecutiveRanges(samples.map { input.sequences[$0].count }),
      rotation: input.rotation.gathering(rows), experts: input.experts, tape: tape)
  }
}

/// What enters the language model's first layer.
struct LanguageInput {
  /// `[tokenCount, width]`, samples below one another.
  var tokens: Variable
  let sequences: [Range<Int>]
  let rotation: RotaryEmbedding
  let imageTokenCount: Int
  var experts = ExpertPlan()

  /// The last token of each sample, whose state is the cognition feature.
  var lastRows: [Int] { sequences.map { $0.upperBound - 1 } }

  func rows(ofSamples samples: [Int]) -> [Int] {
    samples.flatMap { Array(sequences[$0]) }
  }
}
