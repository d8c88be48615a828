import RealModule

/// Gives sums of products of bytes their scales back: one a token times one an output channel.
struct SumScaling: Sendable {
  private let tokenScales: [Float]
  private let channelScales: [Float]
  private let bias: [Float]?

  init(tokens: Activations, weight: PackedWeight, bias: [Float]?) {
    tokenScales = tokens.scales
    channelScales = weight.scales
    self.bias = bias
  }

  /// Writes one row of the result.
  func finish(
    _ sums: Span<Float>, row: Int, finish: Finish, into target: inout MutableSpan<Float>
  ) {
    let scale = tokenScales[row]
    let sums = sums.extracting(row * target.count..<(row + 1) * target.count)
    let channels = channelScales.span
    precondition(
      channels.count == target.count, "\(channels.count) scales, \(target.count) columns")
    if case .add = finish {
      for column in target.indices {
        target[column] = Relaxed.multiplyAdd(sums[column] * scale, channels[column], target[column])
      }
    } else {
      for column in target.indices { target[column] = sums[column] * scale * channels[column] }
    }
    if let bias {
      let bias = bias.span
      for column in target.indices { target[column] += bias[column] }
    }
    if case .activate(let activation) = finish { activation.apply(to: &target) }
  }

  /// Writes silu(this row) · the other sums' row, the gate of a gated feed-forward block.
  static func gate(
    _ gate: SumScaling, _ gateSums: Span<Float>, _ up: SumScaling, _ upSums: Span<Float>,
    row: Int, into target: inout MutableSpan<Float>
  ) {
    let range = row * target.count..<(row + 1) * target.count
    let (gateSums, upSums) = (gateSums.extracting(range), upSums.extracting(range))
    let (gateChannels, upChannels) = (gate.channelScales.span, up.channelScales.span)
    let scale = gate.tokenScales[row]
    precondition(
      gateChannels.count == target.count && upChannels.count == target.count, "unequal widths")
    for column in target.indices {
      let value = gateSums[column] * scale * gateChannels[column]
      target[column] = vectorSiLU(value) * (upSums[column] * scale * upChannels[column])
    }
  }
}
