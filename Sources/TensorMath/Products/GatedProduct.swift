/// The two products of a gated feed-forward block (Llama's SwiGLU) and what joins them.
package enum GatedProduct {
  /// Writes silu(tokens · gateᵀ) · (tokens · upᵀ) in the element type of the product that follows.
  ///
  /// - Parameters:
  ///   - tokens: `[tokenCount, in]`, in the weights' precision.
  ///   - spare: Holds the gate until it is used.
  ///   - next: `[tokenCount, out]`.
  package static func multiply(
    _ tokens: Activations, gate: PreparedWeight, up: PreparedWeight,
    spare: inout Activations, into next: inout Activations, workspace: inout Workspace,
    counting counter: inout MACCounter
  ) {
    precondition(
      gate.outputWidth == up.outputWidth, "a gate of \(gate.outputWidth) for \(up.outputWidth)")
    guard case .packed(let gateWeight) = gate.form(), case .packed(let upWeight) = up.form(),
      gate.precision == next.precision, up.precision == next.precision,
      spare.precision == next.precision
    else {
      multiplyApart(
        tokens, gate: gate, up: up, into: &next, workspace: &workspace, counting: &counter)
      return
    }
    if next.precision == .int8 {
      gate.sums(gateWeight, tokens, into: \.firstSums, of: &workspace)
      up.sums(upWeight, tokens, into: \.secondSums, of: &workspace)
      let gateScaling = SumScaling(tokens: tokens, weight: gateWeight, bias: nil)
      let upScaling = SumScaling(tokens: tokens, weight: upWeight, bias: nil)
      let (gateSums, upSums) = (workspace.firstSums.span, workspace.secondSums.span)
      next.fill(rows: tokens.rows, columns: gate.outputWidth) { row, target in
        SumScaling.gate(gateScaling, gateSums, upScaling, upSums, row: row, into: &target)
      }
    } else {
      fused(
        tokens, gate: (gate, gateWeight), up: (up, upWeight), spare: &spare, into: &next,
        workspace: &workspace)
    }
    counter.add(tokens.rows * gate.inputWidth * (gate.outputWidth + up.outputWidth))
  }

  /// Both products finish themselves: the gate with SiLU, the other with a multiplication.
  private static func fused(
    _ tokens: Activations, gate: (PreparedWeight, PackedWeight),
    up: (PreparedWeight, PackedWeight), spare: inout Activations, into next: inout Activations,
    workspace: inout Workspace
  ) {
    let element = ProductElement(next.precision)
    spare.reserve(rows: tokens.rows, columns: gate.0.outputWidth)
    next.reserve(rows: tokens.rows, columns: gate.0.outputWidth)
    unsafe spare.withMutableElements { target in
      unsafe gate.0.run(
        gate.1, tokens, bias: nil, finish: .silu, element: element, into: target,
        workspace: &workspace)
    }
    unsafe spare.withElements { factor in
      unsafe next.withMutableElements { target in
        unsafe up.0.run(
          up.1, tokens, bias: nil, finish: .multiply, element: element, other: factor,
          into: target, workspace: &workspace)
      }
    }
  }

  private static func multiplyApart(
    _ tokens: Activations, gate: PreparedWeight, up: PreparedWeight,
    into next: inout Activations, workspace: inout Workspace, counting counter: inout MACCounter
  ) {
    var gated = Matrix(rows: tokens.rows, columns: gate.outputWidth)
    var factor = gated
    gate.multiply(
      tokens, finish: .activate(.silu), into: &gated, workspace: &workspace, counting: &counter)
    up.multiply(tokens, into: &factor, workspace: &workspace, counting: &counter)
    let (values, width) = (factor.elements.span, factor.columns)
    gated.forEachRow { row, target in
      let factors = values.extracting(row * width..<(row + 1) * width)
      for column in target.indices { target[column] *= factors[column] }
    }
    next.fill(gated)
  }
}
