package import TensorMath
package import VLAPolicy

/// Muon (Jordan and others, 2024) for the matrices inside blocks: the momentum is made orthogonal, so
/// that rare directions move as far as frequent ones.
///
/// Scaled as in Moonlight (Liu and others, 2025), 0.2 √max(rows, columns), which gives steps of about
/// AdamW's size: one learning rate serves both.
package struct Muon: Sendable {
  private let momentum: Float
  private let matrices: [MuonMatrix]

  package init(momentum: Double, layout: ParameterLayout) {
    self.momentum = Float(momentum)
    matrices = layout.parameters.filter(\.isBlockMatrix).compactMap { parameter in
      layout.range(of: parameter.name).map {
        MuonMatrix(range: $0, rows: parameter.shape[0], columns: parameter.shape[1])
      }
    }
  }

  /// The parameters that it moves.
  package var ranges: [Range<Int>] { matrices.map(\.range) }

  /// Moves the matrices.
  ///
  /// - Parameters:
  ///   - moments: The momentum, as long as the parameters.
  ///   - gradientScale: What the gradient is multiplied by first: clipping.
  package func step(
    _ parameters: FloatStorage, moments: FloatStorage, gradient: FloatStorage,
    learningRate: Float, weightDecay: Float, gradientScale: Float
  ) {
    // Neighbours in size go to different threads; who moves which changes nothing.
    let order = matrices.sorted { $0.range.count > $1.range.count }
    let threads = max(1, ComputeThreads.count)
    ComputeThreads.run(threads) { thread in
      let work = OrthogonalFactor()
      for matrix in stride(from: thread, to: order.count, by: threads).map({ order[$0] }) {
        let way = work.direction(
          matrix, moments: moments, gradient: gradient, momentum: momentum,
          gradientScale: gradientScale)
        let size = 0.2 * Float(max(matrix.rows, matrix.columns)).squareRoot()
        parameters.withMutableSpan(matrix.range) { target in
          way.withSpan(0..<matrix.range.count) { way in
            for index in target.indices {
              target[index] -=
                learningRate * (size * way[index] + weightDecay * target[index])
            }
          }
        }
      }
    }
  }
}

extension Parameter {
  /// Whether it is a matrix of a transformer block.
  fileprivate var isBlockMatrix: Bool {
    shape.count == 2 && (name.contains(".blocks.") || name.contains(".layers."))
      && !name.contains(".route.") && !name.contains("mod_router")
  }
}

/// A matrix among the parameters.
struct MuonMatrix: Sendable {
  let range: Range<Int>
  let rows: Int
  let columns: Int
}

/// Memory for the orthogonal factor of one matrix after the other.
private final class OrthogonalFactor {
  private var storage: [String: FloatStorage] = [:]

  /// Takes the gradient into the momentum, and gives the orthogonal factor of Nesterov's step.
  func direction(
    _ matrix: MuonMatrix, moments: FloatStorage, gradient: FloatStorage, momentum: Float,
    gradientScale: Float
  ) -> FloatStorage {
    let (step, count) = (memory("step", matrix.range.count), matrix.range.count)
    var squares: Float = 0
    moments.withMutableSpan(matrix.range) { moments in
      gradient.withSpan(matrix.range) { gradient in
        step.withMutableSpan(0..<count) { step in
          for index in step.indices {
            let slope = gradient[index] * gradientScale
            moments[index] = momentum * moments[index] + (1 - momentum) * slope
            step[index] = momentum * moments[index] + (1 - momentum) * slope
          }
          squares = dot(step.span, step.span)
          let factor = 1 / (squares.squareRoot() + 1e-12)
          for index in step.indices { step[index] *= factor }
        }
      }
    }
    return iterate(step, rows: matrix.rows, columns: matrix.columns)
  }

  /// Five Newton-Schulz steps with Jordan's coefficients: X ← a X + (b A + c A²) X, A = X Xᵀ, or
  /// with A = Xᵀ X on the other side where that is smaller.
  private func iterate(_ start: FloatStorage, rows: Int, columns: Int) -> FloatStorage {
    let isTall = rows > columns
    let side = min(rows, columns)
    let whole = Block(rows: rows, columns: columns, stride: columns)
    let square = Block(rows: side, columns: side, stride: side)
    let (product, mix) = (memory("product", side * side), memory("mix", side * side))
    var (x, next) = (start, memory("next", rows * columns))
    for _ in 0..<5 {
      multiply(
        x, whole, transposingLeft: isTall, x, whole, transposingRight: !isTall, into: product,
        square, adding: false)
      mix.withMutableSpan(0..<side * side) { mix in
        product.withSpan(0..<side * side) {
          accumulate($0, scale: -4.7750, into: &mix, adding: false)
        }
      }
      multiply(product, square, product, square, scale: 2.0315, into: mix, square, adding: true)
      next.withMutableSpan(0..<rows * columns) { next in
        x.withSpan(0..<rows * columns) {
          accumulate($0, scale: 3.4445, into: &next, adding: false)
        }
      }
      if isTall {
        multiply(x, whole, mix, square, into: next, whole, adding: true)
      } else {
        multiply(mix, square, x, whole, into: next, whole, adding: true)
      }
      swap(&x, &next)
    }
    return x
  }

  private func memory(_ use: String, _ count: Int) -> FloatStorage {
    if let known = storage[use], known.count >= count { return known }
    let fresh = FloatStorage(count: count)
    storage[use] = fresh
    return fresh
  }
}
