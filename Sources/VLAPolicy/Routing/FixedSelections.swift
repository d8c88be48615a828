internal import Manipulation
package import TensorMath

/// Every layer runs.
package struct DenseSelection: LayerSelection {
  package init() {}
}

/// The same layers run for every observation: the first k (`truncate:k`), or the k with the most
/// influence (`static:k`).
package struct StaticSelection: LayerSelection {
  private let kept: Set<Int>

  package init(keeping kept: some Sequence<Int>) {
    self.kept = Set(kept)
  }

  package func layers(
    for input: RoutingInput, counting counter: inout MACCounter, trace: inout Trace
  ) -> [Bool] {
    (0..<input.layerCount).map(kept.contains)
  }
}

/// A fresh, uniformly random subset of k layers for each observation.
package struct RandomSelection: LayerSelection {
  private let keep: Int

  package init(keep: Int) {
    self.keep = keep
  }

  package func layers(
    for input: RoutingInput, counting counter: inout MACCounter, trace: inout Trace
  ) -> [Bool] {
    var generator = SeededGenerator(seed: SeededGenerator.derive(input.seed, ["random layers"]))
    let kept = Set((0..<input.layerCount).shuffled(using: &generator).prefix(keep))
    return (0..<input.layerCount).map(kept.contains)
  }
}
