/// One step of AdamW as numbers, the same for all parameters of a group.
package struct AdamWStep: Equatable, Sendable {
  package var learningRate: Float
  package var beta1: Float
  package var beta2: Float
  package var epsilon: Float
  /// Of this group: 0 for what does not decay.
  package var weightDecay: Float
  /// 1 − β₁ᵗ and 1 − β₂ᵗ for the t-th step, counted from 1.
  package var firstCorrection: Float
  package var secondCorrection: Float
  /// What the gradient is multiplied by first: clipping.
  package var gradientScale: Float

  package init(
    learningRate: Float, beta1: Float, beta2: Float, epsilon: Float, weightDecay: Float,
    firstCorrection: Float, secondCorrection: Float, gradientScale: Float
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.firstCorrection = firstCorrection
    self.secondCorrection = secondCorrection
    self.gradientScale = gradientScale
  }
}

/// What AdamW keeps of each parameter.
package struct AdamWMoments: Sendable {
  /// The running mean of the gradient.
  package let first: FloatStorage
  /// The running mean of its square.
  package let second: FloatStorage

  package init(count: Int) {
    first = FloatStorage(count: count)
    second = FloatStorage(count: count)
  }
}

/// Loops over all parameters of a network, on all threads.
///
/// Work is cut into blocks of a fixed length and sums are put together in their order, so that the
/// number of threads never changes a result.
package enum OptimizerKernels {
  /// So short that what a step reads and writes of a block stays in a core's own cache.
  static let blockLength = 1 << 14

  /// Replaces the first of `gradients` by the sum of all, in their order, times `scale`.
  ///
  /// - Returns: The sum of its squares.
  /// - Precondition: At least one gradient; all are of the same length.
  package static func sum(_ gradients: [FloatStorage], scale: Float) -> Double {
    guard let target = gradients.first else { preconditionFailure("no gradient") }
    precondition(gradients.allSatisfy { $0.count == target.count }, "gradients of two lengths")
    let blocks = blocks(of: 0..<target.count)
    let squares = BlockSums(count: blocks.count)
    forEach(blocks, of: target.count) { index, block in
      target.withMutableSpan(block) { sum in
        for other in gradients.dropFirst() { other.withSpan(block) { add($0, to: &sum) } }
        multiply(&sum, by: scale)
        squares[index] = squareSum(sum.span)
      }
    }
    return squares.sum
  }

  /// Moves parameters of one group.
  package static func step(
    _ step: AdamWStep, on parameters: FloatStorage, moments: AdamWMoments,
    gradient: FloatStorage, range: Range<Int>
  ) {
    precondition(
      [moments.first.count, moments.second.count, gradient.count]
        .allSatisfy { $0 == parameters.count }, "moments or gradient of another length")
    forEach(blocks(of: range), of: range.count) { _, block in
      parameters.withMutableSpan(block) { parameters in
        moments.first.withMutableSpan(block) { first in
          moments.second.withMutableSpan(block) { second in
            gradient.withSpan(block) {
              update(&parameters, first: &first, second: &second, gradient: $0, step)
            }
          }
        }
      }
    }
  }

  /// Moves each number of `mean` by `share` of its way to `values`.
  package static func blend(_ mean: FloatStorage, towards values: FloatStorage, share: Float) {
    precondition(mean.count == values.count, "\(mean.count) numbers beside \(values.count)")
    forEach(blocks(of: 0..<mean.count), of: mean.count) { _, block in
      mean.withMutableSpan(block) { mean in
        values.withSpan(block) { values in
          for index in values.indices {
            unsafe mean[unchecked: index] +=
              share * (values[unchecked: index] - mean[unchecked: index])
          }
        }
      }
    }
  }

  /// Makes all numbers 0.
  package static func clear(_ storage: FloatStorage) {
    forEach(blocks(of: 0..<storage.count), of: storage.count) { _, block in
      storage.withMutableSpan(block) { span in
        for index in span.indices { unsafe span[unchecked: index] = 0 }
      }
    }
  }

  private static func blocks(of range: Range<Int>) -> [Range<Int>] {
    stride(from: range.lowerBound, to: range.upperBound, by: blockLength).map {
      $0..<min($0 + blockLength, range.upperBound)
    }
  }

  /// Calls `body` with each block's index and range; several threads take neighbouring blocks.
  private static func forEach(
    _ blocks: [Range<Int>], of count: Int, _ body: (Int, Range<Int>) -> Void
  ) {
    // A step of a parameter costs about as much as this many multiply-accumulates of a product.
    ComputeThreads.split(blocks.count, work: 40 * count) { part in
      for index in part { body(index, blocks[index]) }
    }
  }
}

// MARK: One block

private func add(_ source: Span<Float>, to target: inout MutableSpan<Float>) {
  precondition(source.count == target.count, "\(source.count) beside \(target.count)")
  for index in source.indices {
    unsafe target[unchecked: index] += source[unchecked: index]
  }
}

private func multiply(_ target: inout MutableSpan<Float>, by scale: Float) {
  for index in target.indices { unsafe target[unchecked: index] *= scale }
}

/// In eight running sums, which is what lets the loop become vector instructions.
private func squareSum(_ values: Span<Float>) -> Double {
  var sums = SIMD8<Double>(repeating: 0)
  let whole = values.count / 8 * 8
  for start in stride(from: 0, to: whole, by: 8) {
    var part = SIMD8<Float>()
    for lane in 0..<8 { part[lane] = unsafe values[unchecked: start &+ lane] }
    let wide = SIMD8<Double>(part)
    sums += wide * wide
  }
  for index in whole..<values.count {
    let value = Double(unsafe values[unchecked: index])
    sums[index - whole] += value * value
  }
  return sums.sum()
}

/// AdamW with decoupled decay (Loshchilov and Hutter, 2019), in PyTorch's order of operations.
private func update(
  _ parameters: inout MutableSpan<Float>, first: inout MutableSpan<Float>,
  second: inout MutableSpan<Float>, gradient: Span<Float>, _ step: AdamWStep
) {
  let count = gradient.count
  precondition(
    parameters.count == count && first.count == count && second.count == count,
    "spans of different lengths")
  let kept = 1 - step.learningRate * step.weightDecay
  let stepSize = step.learningRate / step.firstCorrection
  let root = step.secondCorrection.squareRoot()
  let (firstShare, secondShare) = (1 - step.beta1, 1 - step.beta2)
  for index in 0..<count {
    let slope = unsafe gradient[unchecked: index] * step.gradientScale
    let mean = unsafe first[unchecked: index]
    let moved = mean + firstShare * (slope - mean)
    let square = unsafe second[unchecked: index] * step.beta2 + secondShare * slope * slope
    unsafe first[unchecked: index] = moved
    unsafe second[unchecked: index] = square
    let way = moved / (square.squareRoot() / root + step.epsilon)
    unsafe parameters[unchecked: index] = parameters[unchecked: index] * kept - stepSize * way
  }
}

/// One sum a block; threads write to different ones.
@safe private final class BlockSums: @unchecked Sendable {
  private let buffer: UnsafeMutableBufferPointer<Double>

  init(count: Int) {
    unsafe buffer = .allocate(capacity: count)
    unsafe buffer.initialize(repeating: 0)
  }

  deinit { unsafe buffer.deallocate() }

  subscript(index: Int) -> Double {
    get { unsafe buffer[index] }
    set { unsafe buffer[index] = newValue }
  }

  /// In the order of the blocks.
  var sum: Double { unsafe buffer.reduce(0, +) }
}
