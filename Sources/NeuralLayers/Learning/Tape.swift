package import TensorMath

/// A forward pass that remembers its way back (reverse-mode differentiation).
///
/// Operations on variables are methods, each with its forward and backward side by side. Everything
/// runs on the calling thread; several tapes with gradients of their own may share parameters.
package final class Tape {
  package let parameters: FloatStorage
  /// Where gradients of parameters are added; `nil` for a forward pass alone.
  package let gradients: FloatStorage?
  package let pool: StoragePool
  /// What the factors of products with weights are rounded to: `.float32` or `.bfloat16`.
  package let precision: Precision
  /// What products have cost so far, there and back.
  package private(set) var multiplyAccumulates = 0
  private var steps: [() -> Void] = []

  /// - Parameters:
  ///   - parameters: All that is learned, in one array.
  ///   - gradients: As many numbers; `nil` remembers nothing.
  ///   - precision: Floats or bfloat16; parameters, sums and gradients are floats in either case.
  package init(
    parameters: FloatStorage, gradients: FloatStorage?, pool: StoragePool,
    precision: Precision = .float32
  ) {
    precondition(precision != .int8, "training on bytes")
    self.parameters = parameters
    self.gradients = gradients
    self.pool = pool
    self.precision = precision
  }

  /// Books one product; with two more for the way back, where there is one.
  func count(_ multiplyAccumulates: Int) {
    self.multiplyAccumulates += multiplyAccumulates
  }

  /// The same tape for values that nothing is learned from.
  ///
  /// - Parameter parameters: Others, such as a teacher's; its own where it is `nil`.
  package func silent(_ parameters: FloatStorage? = nil) -> Tape {
    Tape(
      parameters: parameters ?? self.parameters, gradients: nil, pool: pool, precision: precision)
  }

  /// Goes all the way back, from what losses left as gradients to the parameters'.
  package func backward() {
    while let step = steps.popLast() { step() }
  }

  /// A variable to be written.
  package func make(_ rows: Int, _ columns: Int, from inputs: Variable...) -> Variable {
    variable(rows, columns, needsGradient: inputs.contains { $0.needsGradient })
  }

  /// A variable to be written that depends on parameters.
  package func makeLearned(_ rows: Int, _ columns: Int) -> Variable {
    variable(rows, columns, needsGradient: true)
  }

  /// A variable that nothing learned goes into.
  package func constant(_ matrix: Matrix) -> Variable {
    let result = variable(matrix.rows, matrix.columns, needsGradient: false)
    result.write { target in
      accumulate(matrix.elements.span, into: &target, adding: false)
    }
    return result
  }

  private func variable(_ rows: Int, _ columns: Int, needsGradient: Bool) -> Variable {
    Variable(
      rows: rows, columns: columns, needsGradient: needsGradient && gradients != nil, pool: pool)
  }

  /// Notes how to go back over an operation; `body` gets the gradient of what it made.
  package func remember(_ result: Variable, _ body: @escaping (FloatStorage) -> Void) {
    guard result.needsGradient else { return }
    let pool = pool
    steps.append {
      guard let upstream = result.takeGradient() else { return }
      body(upstream)
      pool.give(upstream)
    }
  }

  /// As above, for an operation that passes the gradient on as it is: `body` keeps or gives it.
  func rememberHanding(_ result: Variable, _ body: @escaping (FloatStorage) -> Void) {
    guard result.needsGradient else { return }
    steps.append {
      guard let upstream = result.takeGradient() else { return }
      body(upstream)
    }
  }

  /// Notes what to do with the gradient of `result` before its own operation takes it.
  func remember(before result: Variable, _ body: @escaping (FloatStorage) -> Void) {
    guard result.needsGradient else { return }
    steps.append {
      if let gradient = result.gradient { body(gradient) }
    }
  }

  /// Notes the gradient of a loss.
  package func remember(_ body: @escaping () -> Void) {
    guard gradients != nil else { return }
    steps.append(body)
  }

  /// Calls `body` with the gradient of some parameters to add to.
  package func addToGradient(
    of range: Range<Int>, _ body: (inout MutableSpan<Float>) -> Void
  ) {
    gradients?.withMutableSpan(range, body)
  }
}

/// A weight matrix among the parameters, and a bias where there is one.
package struct LinearParameters: Sendable {
  package let weight: Range<Int>
  package let bias: Range<Int>?
  package let outputWidth: Int
  package let inputWidth: Int

  /// - Precondition: `weight` has `outputWidth * inputWidth` numbers, `bias` `outputWidth`.
  package init(weight: Range<Int>, bias: Range<Int>?, outputWidth: Int, inputWidth: Int) {
    precondition(weight.count == outputWidth * inputWidth, "a weight of another size")
    precondition(bias.map { $0.count == outputWidth } ?? true, "a bias of another size")
    self.weight = weight
    self.bias = bias
    self.outputWidth = outputWidth
    self.inputWidth = inputWidth
  }

  var block: Block {
    Block(
      rows: outputWidth, columns: inputWidth, offset: weight.lowerBound, stride: inputWidth)
  }
}
