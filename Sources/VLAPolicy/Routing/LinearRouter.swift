internal import NeuralLayers
package import TensorMath

/// The plain router that STAR is compared with: one linear map of the mean of all tokens.
package struct LinearRouter: LayerRouter {
  package let configuration: RouterConfiguration
  private let output: Linear

  init(_ router: RouterConfiguration, keys: LinearRouterKeys, loader: ParameterLoader) throws {
    configuration = router
    output = try loader.linear(keys.scores, quantizing: false)
  }

  package func scores(
    for input: RoutingInput, counting counter: inout MACCounter, trace: inout Trace
  ) -> [Float] {
    let tokens =
      configuration.input == .embeddings ? input.embeddings : input.normalizedEmbeddings
    let scores = output(Matrix(row: tokens.rowMean), counting: &counter).elements
    trace.record("router.logits", scores)
    return scores
  }
}
