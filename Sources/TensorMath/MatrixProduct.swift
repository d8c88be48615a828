internal import COpenBLAS

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

extension Matrix {
  /// This matrix times the transpose of `weight`, `[rows, in]` x `[out, in]` → `[rows, out]`.
  package func product(
    transposing weight: Matrix, counting counter: inout MACCounter
  ) -> Matrix {
    precondition(columns == weight.columns, "\(shape) does not fit a weight \(weight.shape)")
    var result = Matrix(rows: rows, columns: weight.rows)
    multiply(
      elements.span, Block(rows: rows, columns: columns, stride: columns),
      weight.elements.span, Block(rows: weight.rows, columns: columns, stride: columns),
      transposingRight: true, into: &result.elements,
      Block(rows: rows, columns: weight.rows, stride: weight.rows), counting: &counter)
    return result
  }
}

/// Writes `scale` · left · right, or left · rightᵀ, into a block of `result`.
///
/// - Precondition: The blocks lie inside their buffers and their sizes fit.
package func multiply(
  _ left: Span<Float>, _ leftBlock: Block, _ right: Span<Float>, _ rightBlock: Block,
  transposingRight: Bool, scale: Float = 1, into result: inout [Float], _ resultBlock: Block,
  counting counter: inout MACCounter
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
  unsafe left.withUnsafeBufferPointer { a in
    unsafe right.withUnsafeBufferPointer { b in
      unsafe result.withUnsafeMutableBufferPointer { c in
        guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
        unsafe cblas_sgemm(
          CblasRowMajor, CblasNoTrans, transposingRight ? CblasTrans : CblasNoTrans,
          blasint(m), blasint(n), blasint(k), scale,
          a + leftBlock.offset, blasint(leftBlock.stride),
          b + rightBlock.offset, blasint(rightBlock.stride), 0,
          c + resultBlock.offset, blasint(resultBlock.stride))
      }
    }
  }
  counter.add(m * n * k)
}

/// The threads that matrix products use.
package enum MatrixThreads {
  /// Sets the number of threads for the whole process.
  package static func set(_ count: Int) {
    openblas_set_num_threads(Int32(max(1, count)))
  }

  package static var count: Int { Int(openblas_get_num_threads()) }

  /// The name of the kernels that OpenBLAS chose for this processor, and its version.
  package static var engine: String {
    unsafe "\(String(cString: openblas_get_config())) (\(String(cString: openblas_get_corename())))"
  }
}
