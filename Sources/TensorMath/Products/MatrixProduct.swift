internal import COpenBLAS

/// OpenBLAS, whose own threads stay unused: ours call it, each for its part.
enum OpenBLAS {
  private static let prepared: Void = {
    mole_openblas_suit_processor()
    openblas_set_num_threads(1)
  }()

  /// To be called before anything is asked of it.
  static func prepare() { prepared }
}

/// A rectangle inside a row-major buffer, such as one attention head's columns.
package struct Block: Sendable {
  let rows: Int
  let columns: Int
  let offset: Int
  let stride: Int

  /// - Parameters:
  ///   - offset: The index of the first element in the buffer.
  ///   - stride: The distance between the starts of two rows.
  package init(rows: Int, columns: Int, offset: Int = 0, stride: Int) {
    self.rows = rows
    self.columns = columns
    self.offset = offset
    self.stride = stride
  }

  /// The index after the last element.
  var end: Int { rows == 0 ? offset : offset + (rows - 1) * stride + columns }
}

/// Writes `scale` · left · right, or left · rightᵀ, into a block of `result`, on the calling thread.
///
/// - Precondition: The blocks lie inside their buffers and their sizes fit.
func multiply(
  _ left: Span<Float>, _ leftBlock: Block, _ right: Span<Float>, _ rightBlock: Block,
  transposingRight: Bool, scale: Float = 1, into result: UnsafeMutableBufferPointer<Float>,
  _ resultBlock: Block
) {
  let (m, k, n) = (leftBlock.rows, leftBlock.columns, resultBlock.columns)
  let (inner, outer) =
    transposingRight
    ? (rightBlock.columns, rightBlock.rows) : (rightBlock.rows, rightBlock.columns)
  precondition(inner == k && outer == n && resultBlock.rows == m, "product of unequal sizes")
  precondition(
    leftBlock.end <= left.count && rightBlock.end <= right.count
      && resultBlock.end <= result.count, "a block leaves its buffer")
  guard m > 0, n > 0 else { return }
  OpenBLAS.prepare()
  unsafe left.withUnsafeBufferPointer { a in
    unsafe right.withUnsafeBufferPointer { b in
      guard let a = a.baseAddress, let b = b.baseAddress, let c = result.baseAddress else { return }
      let (x, w, y) = unsafe (a + leftBlock.offset, b + rightBlock.offset, c + resultBlock.offset)
      if m == 1 {
        // A single row is a product of a matrix with a vector, for which sgemm is slow.
        unsafe cblas_sgemv(
          CblasRowMajor, transposingRight ? CblasNoTrans : CblasTrans,
          blasint(rightBlock.rows), blasint(rightBlock.columns), scale, w,
          blasint(rightBlock.stride), x, 1, 0, y, 1)
      } else {
        unsafe cblas_sgemm(
          CblasRowMajor, CblasNoTrans, transposingRight ? CblasTrans : CblasNoTrans, blasint(m),
          blasint(n), blasint(k), scale, x, blasint(leftBlock.stride), w,
          blasint(rightBlock.stride), 0, y, blasint(resultBlock.stride))
      }
    }
  }
}

/// The libraries that products run on.
package enum ProductEngines {
  /// By name: version and the kernels that they chose for this processor.
  package static var descriptions: [String: String] {
    OpenBLAS.prepare()
    let blas = unsafe String(cString: openblas_get_config())
    let core = unsafe String(cString: openblas_get_corename())
    return ["OpenBLAS": "\(blas) (\(core))", "oneDNN": OneDNN.description]
  }
}
