package import TensorMath

/// Scores the layers for one observation, before the first runs.
package protocol LayerRouter: Sendable {
  var configuration: RouterConfiguration { get }

  /// One score a layer, `[layerCount]`; the largest are kept.
  func scores(
    for input: RoutingInput, counting counter: inout MACCounter, trace: inout Trace
  ) -> [Float]
}

/// The k layers that the router scores highest (`mole:k`).
package struct RoutedSelection: LayerSelection {
  private let router: any LayerRouter
  private let keep: Int

  package init(router: any LayerRouter, keep: Int) {
    self.router = router
    self.keep = keep
  }

  package func layers(
    for input: RoutingInput, counting counter: inout MACCounter, trace: inout Trace
  ) -> [Bool] {
    let scores = router.scores(for: input, counting: &counter, trace: &trace)
    let kept = Set(indicesOfLargest(keep, in: scores))
    return scores.indices.map(kept.contains)
  }

  package var normalizesInput: Bool { router.configuration.input == .public }
}
