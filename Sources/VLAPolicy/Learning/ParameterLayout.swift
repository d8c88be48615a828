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
  /// end a residual branch are small, the smaller the more branches add up (GPT-2's start).
  package func randomStart(seed: UInt64) -> [Float] {
    parameters.flatMap { parameter in
      let values = parameter.randomValues(seed: seed, 0..<parameter.count)
      let factor = residualFactor(parameter.name)
      return factor == 1 ? values : values.map { factor * $0 }
    }
  }

  /// 1 / √n for a map that ends one of n branches of its stack, else 1.
  private func residualFactor(_ name: String) -> Float {
    let endings = [
      "self_attn.o_proj.weight", "mlp.down_proj.weight", "attn.proj.weight", "mlp.fc2.weight",
    ]
    guard let ending = endings.first(where: name.hasSuffix),
      let stack = name.dropLast(ending.count + 1).lastIndex(of: ".").map({ name[..<$0] })
    else { return 1 }
    let branches = parameters.count { parameter in
      parameter.name.hasPrefix(stack) && endings.contains(where: parameter.name.hasSuffix)
    }
    return 1 / Float(branches).squareRoot()
  }
}
