package import Manipulation
internal import NeuralLayers
package import TensorMath

/// A VLA policy: a network, and a method that decides which of its layers run.
package struct LayerSkippingPolicy: Policy {
  package let name: String
  private let network: VLANetwork
  private let selection: any LayerSelection
  private let expertsPerToken: Int?
  private let statistics: DimensionStatistics
  private let gripper: GripperState?
  private let camera: String

  /// - Parameters:
  ///   - camera: The camera to look through; `nil` takes the configuration's.
  ///   - unnormKey: The data set whose statistics un-normalise actions; may be left out when the
  ///     checkpoint knows only one.
  /// - Throws: `PolicyError` when the checkpoint lacks what the method or the key needs.
  package init(
    network: VLANetwork, method: LayerMethod, calibration: Calibration = Calibration(),
    camera: String? = nil, unnormKey: String? = nil
  ) throws {
    name = method.name
    self.network = network
    selection = try network.selection(for: method, calibration: calibration)
    expertsPerToken = try method.expertsPerToken(in: network.configuration.language)
    statistics = try network.actionStatistics(key: unnormKey)
    gripper = try network.gripperState(key: unnormKey)
    self.camera = camera ?? network.configuration.image.camera
  }

  package var layerCount: Int { network.decoder.depth }

  package func predict(_ query: PolicyQuery) throws -> Prediction {
    var trace = Trace(recording: false)
    return try predict(query, trace: &trace)
  }

  /// As `predict(_:)`, recording the stages, those of an answer that is refused as well.
  package func predict(_ query: PolicyQuery, trace: inout Trace) throws -> Prediction {
    let start = ContinuousClock.now
    var traces = [trace]
    let input = try network.input(for: query, camera: camera, gripper: gripper)
    let answer = answer([input], since: start, traces: &traces)[0]
    // Recorded even where the answer is none: the stages show where it went wrong.
    trace = traces[0]
    return try answer.get()
  }

  /// Answers all queries that can be answered in one pass through the network.
  package func predict(_ queries: [PolicyQuery]) -> [Result<Prediction, any Error>] {
    let start = ContinuousClock.now
    let inputs = queries.map { query in
      Result { try network.input(for: query, camera: camera, gripper: gripper) }
    }
    let possible = inputs.compactMap { try? $0.get() }
    var traces = possible.map { _ in Trace(recording: false) }
    var answers = answer(possible, since: start, traces: &traces)[...]
    return inputs.map { $0.flatMap { _ in answers.removeFirst() } }
  }

  private func answer(
    _ inputs: [ForwardInput], since start: ContinuousClock.Instant, traces: inout [Trace]
  ) -> [Result<Prediction, any Error>] {
    guard !inputs.isEmpty else { return [] }
    var meter = ComputeMeter(sampleCount: inputs.count)
    let results = network.forward(
      inputs, selection: selection, experts: ExpertRun(count: expertsPerToken), meter: &meter,
      traces: &traces)
    var predictions = results.indices.map { sample in
      prediction(
        results[sample], of: inputs[sample], meter.samples[sample], trace: &traces[sample])
    }
    // What belongs to no part is shared evenly.
    let measured = predictions.map { $0.seconds.values.reduce(0, +) }
    let elapsed = start.duration(to: .now) / .seconds(1)
    let rest = (elapsed - measured.reduce(0, +)) / Double(inputs.count)
    for sample in predictions.indices {
      predictions[sample].totalSeconds = measured[sample] + rest
      predictions[sample].batch = inputs.count
    }
    return zip(predictions, results).map { prediction, result in
      Result {
        // Clipped, a NaN would be an action like any other.
        try PolicyError.check(result.normalizedActions, as: "actions")
        return prediction
      }
    }
  }

  private func prediction(
    _ result: ForwardResult, of input: ForwardInput, _ cost: ComputeMeter.Sample,
    trace: inout Trace
  ) -> Prediction {
    var chunk = network.unnormalize(result.normalizedActions, statistics: statistics)
    if let gripper { chunk = gripper.keepingInside(chunk, from: input.gripper) }
    trace.record(
      "actions",
      Matrix(
        rows: chunk.actions.count, columns: Action.width,
        elements: chunk.actions.flatMap(\.vector)))
    let nominal = network.configuration.nominalMACs(
      shares: result.mask.shares, tokenCount: result.tokenCount,
      textTokenCount: result.textTokenCount, selection: selection,
      expertsPerToken: expertsPerToken)
    var prediction = Prediction(
      chunk: chunk, compute: ComputeCount(nominal: nominal, executed: cost.executed),
      mask: result.mask, exitDifferences: result.exitDifferences, seconds: cost.seconds,
      totalSeconds: 0)
    if network.configuration.language.factorization != nil {
      prediction.expertTokens = result.expertTokens
    }
    return prediction
  }
}

extension VLANetwork {
  /// Normalised actions → metres and radians.
  ///
  /// As CogACT: values are clipped to [-1, 1] and stretched to the 1st and 99th percentiles where
  /// the mask says so; the diffusion head's gripper is decided at 0.5.
  package func unnormalize(_ actions: Matrix, statistics: DimensionStatistics) -> ActionChunk {
    let decidesGripper = if case .diffusion = head { true } else { false }
    return ActionChunk(
      actions: (0..<actions.rows).map { row in
        var values = actions.row(row).map { min(1, max(-1, $0)) }
        if decidesGripper { values[6] = values[6] < 0.5 ? 0 : 1 }
        for index in values.indices where statistics.mask?[index] ?? true {
          let (low, high) = (statistics.q01[index], statistics.q99[index])
          values[index] = Float(0.5 * (Double(values[index]) + 1) * (high - low) + low)
        }
        return Action(vector: values)
      })
  }
}
