/// What is done to a product before it is kept.
package enum Finish: Sendable {
  case store
  /// Added to what the result holds, as a residual connection is.
  case add
  case activate(Activation)
}

extension PreparedWeight {
  /// `tokens` times the transpose of this weight, plus `bias`.
  ///
  /// - Parameters:
  ///   - tokens: `[tokenCount, in]`, in this weight's precision.
  ///   - bias: `[out]`.
  ///   - result: `[tokenCount, out]`.
  package func multiply(
    _ tokens: Activations, bias: [Float]? = nil, finish: Finish = .store,
    into result: inout Matrix, workspace: inout Workspace, counting counter: inout MACCounter
  ) {
    precondition(
      result.rows == tokens.rows && result.columns == outputWidth,
      "\(result.shape) is no result of \(tokens.rows) tokens with a weight of \(outputWidth)")
    guard tokens.rows > 0 else { return }
    switch (form(), precision) {
    case (.packed(let weight), .float32), (.packed(let weight), .bfloat16):
      unsafe result.elements.withUnsafeMutableBytes { target in
        unsafe run(
          weight, tokens, bias: bias, finish: ProductFinish(finish), element: .float32,
          into: target.baseAddress, workspace: &workspace)
      }
    case (.packed(let weight), .int8):
      sums(weight, tokens, into: \.firstSums, of: &workspace)
      let scaling = SumScaling(tokens: tokens, weight: weight, bias: bias)
      let sums = workspace.firstSums.span
      result.forEachRow { row, target in
        scaling.finish(sums, row: row, finish: finish, into: &target)
      }
    case (.stored, _):
      multiplyStored(
        tokens, bias: bias, finish: finish, into: &result.elements, workspace: &workspace)
    }
    counter.add(tokens.rows * inputWidth * outputWidth)
  }

  /// As above, with the result in the element type that the next product reads.
  package func multiply(
    _ tokens: Activations, bias: [Float]? = nil, activation: Activation,
    into next: inout Activations, workspace: inout Workspace,
    counting counter: inout MACCounter
  ) {
    guard case .packed(let weight) = form(), precision != .int8, next.precision == precision else {
      var result = Matrix(rows: tokens.rows, columns: outputWidth)
      multiply(
        tokens, bias: bias, finish: .activate(activation), into: &result, workspace: &workspace,
        counting: &counter)
      next.fill(result)
      return
    }
    next.reserve(rows: tokens.rows, columns: outputWidth)
    unsafe next.withMutableElements { target in
      unsafe run(
        weight, tokens, bias: bias, finish: ProductFinish(activation),
        element: ProductElement(precision), into: target, workspace: &workspace)
    }
    counter.add(tokens.rows * inputWidth * outputWidth)
  }

  /// Runs oneDNN's product on a packed weight of floats.
  func run(
    _ weight: PackedWeight, _ tokens: Activations, bias: [Float]?, finish: ProductFinish,
    element: ProductElement, other: UnsafeRawPointer? = nil,
    into result: UnsafeMutableRawPointer?, workspace: inout Workspace
  ) {
    precondition(
      tokens.precision == precision && tokens.columns == inputWidth,
      "\(tokens.precision) tokens of \(tokens.columns) for a \(precision) weight of \(inputWidth)")
    precondition(bias.map { $0.count == outputWidth } ?? true, "a bias of another width")
    let shape = ProductShape(
      rows: tokens.rows, inner: inputWidth, outer: outputWidth,
      source: ProductElement(precision), result: element, hasBias: bias != nil, finish: finish)
    guard let plan = ProductPlan.plan(for: shape), let result = unsafe result else {
      preconditionFailure("oneDNN refuses a product that it had a layout for: \(shape)")
    }
    unsafe tokens.withElements { source in
      unsafe bias.withOptionalBuffer { bias in
        unsafe plan.run(
          source: source, weight: weight.elements, bias: bias, other: other, result: result,
          workspace: &workspace)
      }
    }
  }

  /// Sums of products of bytes, exact, as floats, into one of a workspace's arrays.
  func sums(
    _ weight: PackedWeight, _ tokens: Activations, into sums: WritableKeyPath<Workspace, [Float]>,
    of workspace: inout Workspace
  ) {
    var own: [Float] = []
    swap(&own, &workspace[keyPath: sums])
    own.grow(to: tokens.rows * outputWidth)
    unsafe own.withUnsafeMutableBytes { target in
      unsafe run(
        weight, tokens, bias: nil, finish: .store, element: .float32, into: target.baseAddress,
        workspace: &workspace)
    }
    swap(&own, &workspace[keyPath: sums])
  }
}

extension ProductFinish {
  fileprivate init(_ finish: Finish) {
    switch finish {
    case .store: self = .store
    case .add: self = .add
    case .activate(let activation): self.init(activation)
    }
  }
}

extension Optional where Wrapped == [Float] {
  fileprivate func withOptionalBuffer<Result>(
    _ body: (UnsafePointer<Float>?) -> Result
  ) -> Result {
    guard let values = self else { return body(nil) }
    return unsafe values.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
  }
}
