internal import COpenBLAS

extension PreparedWeight {
  /// Rows of a weight that are converted at a time: enough for a fast product, and small beside the
  /// caches.
  private static let blockRows = 128

  /// A product with a weight that stays as it is stored, in 32-bit floats on OpenBLAS.
  func multiplyStored(
    _ tokens: Activations, bias: [Float]?, finish: Finish, into result: inout [Float],
    workspace: inout Workspace
  ) {
    precondition(
      tokens.columns == inputWidth, "tokens of \(tokens.columns) for a weight of \(inputWidth)")
    let (rows, width) = (tokens.rows, outputWidth)
    let values = tokens.inFloats
    var sums: [Float] = []
    swap(&sums, &workspace.firstSums)
    sums.grow(to: rows * width)
    let blocks = (width + Self.blockRows - 1) / Self.blockRows
    let work = rows * width * inputWidth
    unsafe sums.withUnsafeMutableBufferPointer { sums in
      let sums = unsafe sums
      ComputeThreads.split(blocks, work: work) { part in
        for block in part {
          let first = block * Self.blockRows
          unsafe multiplyBlock(
            first..<min(width, first + Self.blockRows), values.span, rows: rows,
            into: sums)
        }
      }
    }
    finishStored(sums, rows: rows, bias: bias, finish: finish, into: &result)
    swap(&sums, &workspace.firstSums)
  }

  private func multiplyBlock(
    _ channels: Range<Int>, _ tokens: Span<Float>, rows: Int,
    into sums: UnsafeMutableBufferPointer<Float>
  ) {
    let weight = stored.floats(rows: channels, columns: inputWidth)
    let inner = blasint(inputWidth)
    unsafe tokens.withUnsafeBufferPointer { tokens in
      unsafe weight.withUnsafeBufferPointer { weight in
        guard let a = tokens.baseAddress, let b = weight.baseAddress, let c = sums.baseAddress
        else { return }
        OpenBLAS.prepare()
        unsafe cblas_sgemm(
          CblasRowMajor, CblasNoTrans, CblasTrans, blasint(rows), blasint(channels.count), inner,
          1, a, inner, b, inner, 0, c + channels.lowerBound, blasint(outputWidth))
      }
    }
  }

  private func finishStored(
    _ sums: [Float], rows: Int, bias: [Float]?, finish: Finish, into result: inout [Float]
  ) {
    let (sums, width) = (sums.span, outputWidth)
    forEachRow(of: &result, rows: rows, columns: width) { row, target in
      let own = sums.extracting(row * width..<(row + 1) * width)
      if case .add = finish {
        for column in target.indices { target[column] += own[column] }
      } else {
        for column in target.indices { target[column] = own[column] }
      }
      if let bias {
        let bias = bias.span
        for column in target.indices { target[column] += bias[column] }
      }
      if case .activate(let activation) = finish { activation.apply(to: &target) }
    }
  }
}
