package import Manipulation
package import NeuralLayers
package import TensorMath

/// One observation as the network takes it.
package struct ForwardInput: Sendable {
  package var picture: RGBImage
  /// The prompt, beginning of sequence first; the picture's tokens go after it.
  package var promptIDs: [Int]
  /// What a policy with `Configuration.gripper` is told, `GripperState.width` numbers; else empty.
  package var gripper: [Float]
  /// Seeds the noise and what is random in the layer choice.
  package var seed: UInt64
  /// Where the diffusion head starts, `[chunk, 7]`; `nil` draws it from `seed`.
  package var noise: Matrix?

  package init(
    picture: RGBImage, promptIDs: [Int], gripper: [Float] = [], seed: UInt64,
    noise: Matrix? = nil
  ) {
    self.picture = picture
    self.promptIDs = promptIDs
    self.gripper = gripper
    self.seed = seed
    self.noise = noise
  }
}

/// What the network makes of one observation.
package struct ForwardResult: Sendable {
  /// `[actionCount, 7]`, normalised, not clipped.
  package let normalizedActions: Matrix
  package let mask: LayerMask
  /// Differences between the first actions of neighbouring exits, for the exits that were tested.
  package let exitDifferences: [Float]
  /// `[layer][expert]`: the tokens that a factorized layer gave to each expert; empty for others.
  package let expertTokens: [[Int]]
  package let tokenCount: Int
  package let textTokenCount: Int
}

extension VLANetwork {
  /// The ids of an instruction's prompt.
  package func promptIDs(_ instruction: String) throws -> [Int] {
    try Prompt.ids(instruction: instruction, tokenizer: tokenizer, configuration: configuration)
  }

  /// What a query asks of the network.
  ///
  /// - Parameter gripper: How the gripper's state is told.
  /// - Throws: `PolicyError` when the camera or the gripper is missing or the instruction is no prompt.
  package func input(
    for query: PolicyQuery, camera: String, gripper: GripperState?
  ) throws -> ForwardInput {
    guard let picture = query.observation.images[camera] else {
      throw PolicyError.missingCamera(wanted: camera, found: Array(query.observation.images.keys))
    }
    return ForwardInput(
      picture: picture, promptIDs: try promptIDs(query.instruction),
      gripper: try gripper?(query.observation) ?? [], seed: query.seed)
  }

  /// Pictures and prompts → normalised actions, all in one pass.
  ///
  /// What comes out for a sample does not depend, bit for bit, on the others or on their order where
  /// `Precision.ignoresOtherTokens`.
  ///
  /// - Parameters:
  ///   - inputs: At least one.
  ///   - experts: What factorized layers are asked for.
  ///   - meter: Of as many samples.
  ///   - traces: One a sample.
  package func forward(
    _ inputs: [ForwardInput], selection: any LayerSelection, experts: ExpertRun = ExpertRun(),
    meter: inout ComputeMeter, traces: inout [Trace]
  ) -> [ForwardResult] {
    let visual = vision(inputs.map(\.picture), meter: &meter, traces: &traces)
    let told = gripperTokens(inputs, meter: &meter, traces: &traces)
    let routing = zip(inputs.indices, visual).map { sample, visual in
      RoutingInput(
        embeddings: embeddings(inputs[sample].promptIDs, around: visual, told: told?.row(sample)),
        imageTokens: 1..<1 + visual.rows, layerCount: decoder.depth, seed: inputs[sample].seed,
        finalNorm: decoder.normalize)
    }
    let chosen = inputs.indices.map { sample in
      traces[sample].record("token_ids", inputs[sample].promptIDs.map(Float.init))
      traces[sample].record("embeddings", routing[sample].embeddings)
      return meter.measure(.router, sharedBy: WorkShare.even([sample])) {
        selection.layers(for: routing[sample], counting: &$0, trace: &traces[sample])
      }
    }
    var run = LanguageRun(
      decoder: decoder, selection: selection,
      embeddings: routing.map {
        selection.normalizesInput ? $0.normalizedEmbeddings : $0.embeddings
      }, experts: experts, decoding: head.decodesTokens)
    let answers = runLayers(
      chosen, of: &run, rule: selection.exitRule, noise: inputs.map(startingNoise),
      meter: &meter, traces: &traces)
    return inputs.indices.map { sample in
      ForwardResult(
        normalizedActions: answers[sample].actions, mask: LayerMask(shares: run.shares[sample]),
        exitDifferences: answers[sample].exitDifferences,
        expertTokens: run.expertTokens[sample],
        tokenCount: routing[sample].embeddings.rows,
        textTokenCount: inputs[sample].promptIDs.count)
    }
  }

  /// What is added to each sample's last token, `[sample, width]`; `nil` for a policy that is not told
  /// of its gripper.
  private func gripperTokens(
    _ inputs: [ForwardInput], meter: inout ComputeMeter, traces: inout [Trace]
  ) -> Matrix? {
    guard let gripperProjector else { return nil }
    let told = meter.measure(.projector) {
      gripperProjector(inputs.map(\.gripper), counting: &$0)
    }
    for sample in inputs.indices {
      traces[sample].record("gripper", inputs[sample].gripper)
      traces[sample].record("gripper_projected", told.row(sample))
    }
    return told
  }

  /// The language model's input: the first token of the prompt, the picture's, the others, and to the
  /// last of them is added what is told.
  private func embeddings(_ ids: [Int], around visual: Matrix, told: [Float]?) -> Matrix {
    var text = decoder.embed(ids)
    if let told {
      let last = (text.rows - 1) * text.columns
      for column in told.indices { text.elements[last + column] += told[column] }
    }
    return Matrix(stacking: [text.rows(0..<1), visual, text.rows(1..<text.rows)])
  }

  /// Normal numbers for the diffusion head; no rows for a head that needs none.
  private func startingNoise(of input: ForwardInput) -> Matrix {
    if let noise = input.noise { return noise }
    guard case .diffusion(let head) = configuration.actionHead else {
      return Matrix(rows: 0, columns: ActionHead.actionWidth)
    }
    var generator = SeededGenerator(
      seed: SeededGenerator.derive(input.seed, ["diffusion noise"]))
    let count = head.chunk * ActionHead.actionWidth
    let scale = head.noiseScale ?? 1
    return Matrix(
      rows: head.chunk, columns: ActionHead.actionWidth,
      elements: (0..<count).map { _ in scale * generator.gaussian() })
  }
}
