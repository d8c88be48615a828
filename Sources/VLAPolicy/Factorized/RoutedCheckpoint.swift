package import Manipulation
internal import NeuralLayers
internal import TensorMath

/// Fits the routers of a factorized checkpoint to what its own layers do with whole blocks.
package enum RoutedCheckpoint {
  /// Fits the routers of a language model on a text.
  ///
  /// - Parameters:
  ///   - ids: The text's tokens, in windows that know nothing of one another.
  ///   - progress: Called with the layers done and their number.
  /// - Returns: One result a layer.
  /// - Throws: `PolicyError.badFactorization` for a model that is not factorized.
  package static func fit(
    _ model: LanguageModel, ids: [Int], window: Int, _ fitting: RouterFitting,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> [RouterFitting.Result] {
    let experts = try whole(model.decoder)
    let size = min(window, ids.count)
    let inputs = stride(from: 0, to: ids.count / size * size, by: size).map { start in
      var trace = Trace(recording: true)
      var meter = ComputeMeter()
      _ = model.run(
        Array(ids[start..<start + size]), selection: DenseSelection(), seed: 0, experts: experts,
        meter: &meter, trace: &trace)
      return trace
    }
    return try fit(model.decoder, inputs, fitting, progress)
  }

  /// Fits the routers of a policy on what demonstrations show.
  ///
  /// - Parameter unnormKey: The data set whose statistics the gripper's state is told by.
  /// - Throws: As above; what a query lacks.
  package static func fit(
    _ network: VLANetwork, on queries: [PolicyQuery], camera: String, unnormKey: String? = nil,
    _ fitting: RouterFitting, progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> [RouterFitting.Result] {
    let experts = try whole(network.decoder)
    let gripper = try network.gripperState(key: unnormKey)
    let inputs = try queries.map { query in
      var traces = [Trace(recording: true)]
      var meter = ComputeMeter()
      _ = network.forward(
        [try network.input(for: query, camera: camera, gripper: gripper)],
        selection: DenseSelection(), experts: experts, meter: &meter, traces: &traces)
      return traces[0]
    }
    return try fit(network.decoder, inputs, fitting, progress)
  }

  /// Whole blocks, whose input is kept.
  private static func whole(_ decoder: LanguageDecoder) throws -> ExpertRun {
    guard let experts = decoder.configuration.factorization?.experts else {
      throw PolicyError.badFactorization(folder: "this model", problem: "is not factorized")
    }
    var run = ExpertRun(count: experts)
    run.keepsInput = true
    return run
  }

  private static func fit(
    _ decoder: LanguageDecoder, _ traces: [Trace], _ fitting: RouterFitting,
    _ progress: (Int, Int) -> Void
  ) throws -> [RouterFitting.Result] {
    try (0..<decoder.depth).map { layer in
      let parts = traces.compactMap { $0["layers.\(layer).mlp_input"] }.map {
        Matrix(rows: $0.shape[0], columns: $0.shape[1], elements: $0.values)
      }
      guard let block = decoder.experts(ofLayer: layer), !parts.isEmpty else {
        throw PolicyError.badFactorization(folder: "this model", problem: "has no layer \(layer)")
      }
      var own = fitting
      own.seed = SeededGenerator.derive(fitting.seed, ["layer", "\(layer)"])
      let result = own.fit(Matrix(stacking: parts), block: block)
      progress(layer + 1, decoder.depth)
      return result
    }
  }
}
