// Rows of a buffer, shared out to threads.

/// Roughly what a row kernel does to one element, in multiply-accumulates.
private let workPerElement = 16

/// Calls `body` with each row of a row-major buffer, on several threads where there is enough to do.
func forEachRow<Element>(
  of elements: inout [Element], rows: Int, columns: Int,
  _ body: (Int, inout MutableSpan<Element>) -> Void
) {
  precondition(elements.count >= rows * columns, "\(rows) x \(columns) in \(elements.count)")
  guard columns > 0 else { return }
  unsafe elements.withUnsafeMutableBufferPointer { buffer in
    let buffer = unsafe buffer
    ComputeThreads.split(rows, work: rows * columns * workPerElement) { range in
      for row in range {
        var span = unsafe MutableSpan(
          _unsafeElements: buffer.extracting(row * columns..<(row + 1) * columns))
        body(row, &span)
      }
    }
  }
}

/// As above, with a second buffer of which each row has `scratchColumns` elements a thread.
func forEachRow<Element>(
  of elements: inout [Element], rows: Int, columns: Int, scratch: inout [Float],
  scratchColumns: Int,
  _ body: (Int, inout MutableSpan<Element>, inout MutableSpan<Float>) -> Void
) {
  precondition(elements.count >= rows * columns, "\(rows) x \(columns) in \(elements.count)")
  guard columns > 0, rows > 0 else { return }
  let work = rows * columns * workPerElement
  let parts = min(rows, ComputeThreads.count(forWork: work))
  scratch.grow(to: parts * scratchColumns)
  unsafe elements.withUnsafeMutableBufferPointer { buffer in
    let buffer = unsafe buffer
    unsafe scratch.withUnsafeMutableBufferPointer { scratch in
      let scratch = unsafe scratch
      ComputeThreads.run(parts) { part in
        var own = unsafe MutableSpan(
          _unsafeElements: scratch.extracting(
            part * scratchColumns..<(part + 1) * scratchColumns))
        for row in rows * part / parts..<rows * (part + 1) / parts {
          var span = unsafe MutableSpan(
            _unsafeElements: buffer.extracting(row * columns..<(row + 1) * columns))
          body(row, &span, &own)
        }
      }
    }
  }
}
