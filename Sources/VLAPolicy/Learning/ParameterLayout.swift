internal import Manipulation

/// Where each tensor of a policy lies in one flat array: the checkpoint's, in its order, then what
/// only training has.
package struct ParameterLayout: Sendable {
  package let parameters: [Parameter]
  package let count: Int
  /// How many of `parameters`, from the first on, a checkpoint holds.
  package let checkpointCount: Int
  private let ranges: [String: Range<Int>]

  /// - Parameter extra: Tensors that no checkpoint holds, such as auxiliary heads.
  package init(_ parameters: [Parameter], extra: [Parameter] = []) {
    self.parameters = parameters + extra
    checkpointCount = parameters.count
    var ranges: [String: Range<Int>] = [:]
    var end = 0
    for parameter in self.parameters {
      ranges[parameter.name] = end..<end + parameter.count
      end += parameter.count
    }
    self.ranges = ranges
    count = end
  }

  /// `nil` for a name that is not there.
  package func range(of name: String) -> Range<Int>? { ranges[name] }

  /// Where a training starts: the numbers of `mole checkpoint init` with this seed, but maps that
  /// end a residual branch are zero, so that a deep stack starts as a shallow one, and layers that
  /// have not run yet change nothing when they join.
  package func randomStart(seed: UInt64) -> [Float] {
    parameters.flatMap { parameter in
      ParameterLayout.endsBranch(parameter.name)
        ? [Float](repeating: 0, count: parameter.count)
        : parameter.randomValues(seed: seed, 0..<parameter.count)
    }
  }

  private static func endsBranch(_ name: String) -> Bool {
    [
      "self_attn.o_proj.weight", ".down_proj.weight", "attn.proj.weight", "mlp.fc2.weight",
      GripperProjectorKeys.prefix + "fc2.weight",
    ].contains(where: name.hasSuffix)
  }
}
