internal import COpenBLAS

/// Writes or adds `scale` · left · right into a block of `result`, either factor transposed where it
/// says so, on the calling thread.
///
/// - Precondition: The blocks lie inside their storage and their sizes fit.
package func multiply(
  _ left: FloatStorage, _ leftBlock: Block, transposingLeft: Bool = false, _ right: FloatStorage,
  _ rightBlock: Block, transposingRight: Bool = false, scale: Float = 1,
  into result: FloatStorage, _ resultBlock: Block, adding: Bool
) {
  let (m, n) = (resultBlock.rows, resultBlock.columns)
  let (rows, k) =
    transposingLeft ? (leftBlock.columns, leftBlock.rows) : (leftBlock.rows, leftBlock.columns)
  let (inner, columns) =
    transposingRight
    ? (rightBlock.columns, rightBlock.rows) : (rightBlock.rows, rightBlock.columns)
  precondition(rows == m && inner == k && columns == n, "product of unequal sizes")
  precondition(
    leftBlock.end <= left.count && rightBlock.end <= right.count
      && resultBlock.end <= result.count, "a block leaves its storage")
  guard m > 0, n > 0 else { return }
  OpenBLAS.prepare()
  let a = unsafe left.pointer(leftBlock.offset..<leftBlock.end).baseAddress
  let b = unsafe right.pointer(rightBlock.offset..<rightBlock.end).baseAddress
  let c = unsafe result.pointer(resultBlock.offset..<resultBlock.end).baseAddress
  unsafe cblas_sgemm(
    CblasRowMajor, transposingLeft ? CblasTrans : CblasNoTrans,
    transposingRight ? CblasTrans : CblasNoTrans, blasint(m), blasint(n), blasint(k), scale, a,
    blasint(leftBlock.stride), b, blasint(rightBlock.stride), adding ? 1 : 0, c,
    blasint(resultBlock.stride))
}
