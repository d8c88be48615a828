internal import TensorMath

extension Tape {
  /// `y = x Wᵀ + b`, plus `residual` where it is given.
  ///
  /// - Parameters:
  ///   - tokens: `[tokenCount, in]`.
  ///   - residual: `[tokenCount, out]`.
  package func linear(
    _ tokens: Variable, _ layer: LinearParameters, addingTo residual: Variable? = nil
  ) -> Variable {
    let result = makeLearned(tokens.rows, layer.outputWidth)
    let isStarted = start(result, bias: layer.bias, residual: residual)
    multiply(
      tokens.storage, tokens.block, parameters, layer.block, transposingRight: true,
      into: result.storage, result.block, adding: isStarted)
    let cost = tokens.rows * layer.outputWidth * layer.inputWidth
    count(cost)
    rememberHanding(result) { [self] upstream in
      if let target = tokens.target() {
        multiply(
          upstream, result.block, parameters, layer.block, into: target.storage, tokens.block,
          adding: target.adding)
        count(cost)
      }
      if let gradients {
        count(cost)
        multiply(
          upstream, result.block, transposingLeft: true, tokens.storage, tokens.block,
          into: gradients, layer.block, adding: true)
      }
      if let bias = layer.bias {
        addToGradient(of: bias) { target in
          upstream.withSpan(0..<result.count) {
            accumulateRows($0, columns: result.columns, into: &target)
          }
        }
      }
      if let residual { residual.hand(upstream) } else { pool.give(upstream) }
    }
    return result
  }

  /// A product in the tape's precision.
  private func multiply(
    _ left: FloatStorage, _ leftBlock: Block, transposingLeft: Bool = false,
    _ right: FloatStorage, _ rightBlock: Block, transposingRight: Bool = false,
    into result: FloatStorage, _ resultBlock: Block, adding: Bool
  ) {
    switch precision {
    case .bfloat16:
      multiplyRounded(
        left, leftBlock, transposingLeft: transposingLeft, right, rightBlock,
        transposingRight: transposingRight, into: result, resultBlock, adding: adding,
        workspace: &pool.workspace)
    case .float32, .int8:
      TensorMath.multiply(
        left, leftBlock, transposingLeft: transposingLeft, right, rightBlock,
        transposingRight: transposingRight, into: result, resultBlock, adding: adding)
    }
  }

  /// Writes what the product is added to; `false` where that is nothing.
  private func start(_ result: Variable, bias: Range<Int>?, residual: Variable?) -> Bool {
    if let bias {
      result.write { target in
        parameters.withSpan(bias) { fillRows($0, into: &target) }
      }
    }
    if let residual {
      precondition(residual.count == result.count, "a residual of another size")
      result.write { target in
        residual.read { accumulate($0, into: &target, adding: bias != nil) }
      }
    }
    return bias != nil || residual != nil
  }

  /// Some parameters as a matrix.
  package func parameter(_ range: Range<Int>, columns: Int) -> Variable {
    let result = makeLearned(range.count / columns, columns)
    result.write { target in
      parameters.withSpan(range) { accumulate($0, into: &target, adding: false) }
    }
    remember(result) { [self] upstream in
      addToGradient(of: range) { target in
        upstream.withSpan(0..<result.count) { accumulate($0, into: &target, adding: true) }
      }
    }
    return result
  }
}
