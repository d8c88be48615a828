/// The shape of multi-head attention.
package struct AttentionShape: Equatable, Sendable {
  package let headCount: Int
  package let keyValueHeadCount: Int
  package let headWidth: Int

  /// - Precondition: `headCount` is a multiple of `keyValueHeadCount`.
  package init(headCount: Int, keyValueHeadCount: Int, headWidth: Int) {
    precondition(headCount.isMultiple(of: keyValueHeadCount), "heads cannot share evenly")
    self.headCount = headCount
    self.keyValueHeadCount = keyValueHeadCount
    self.headWidth = headWidth
  }

  package var width: Int { headCount * headWidth }
  package var keyValueWidth: Int { keyValueHeadCount * headWidth }
}

/// Where the heads of queries, keys or values lie: in columns of a buffer of tokens.
package struct HeadColumns: Sendable {
  /// The row of the first token.
  var firstRow: Int
  var rowCount: Int
  /// The column of the first head.
  var firstColumn: Int
  /// The columns of the buffer.
  var stride: Int

  package init(rows: Range<Int>, firstColumn: Int = 0, stride: Int) {
    firstRow = rows.lowerBound
    rowCount = rows.count
    self.firstColumn = firstColumn
    self.stride = stride
  }

  func block(head: Int, width: Int) -> Block {
    Block(
      rows: rowCount, columns: width, offset: firstRow * stride + firstColumn + head * width,
      stride: stride)
  }
}

extension AttentionShape {
  /// Scaled dot-product attention of one sequence, head by head on all threads.
  ///
  /// With fewer key/value heads than query heads, neighbouring query heads share one
  /// (grouped-query attention).
  ///
  /// - Parameters:
  ///   - causal: Whether a query sees only its own key and those before; the last keys belong to
  ///     the queries.
  ///   - result: As many rows as there are queries, placed by `resultColumns`.
  package func attend(
    _ queries: [Float], _ queryColumns: HeadColumns, _ keys: [Float],
    _ keyColumns: HeadColumns, _ values: [Float], _ valueColumns: HeadColumns, causal: Bool,
    into result: inout [Float], _ resultColumns: HeadColumns, scores: inout [Float],
    counting counter: inout MACCounter
  ) {
    let (rows, columns) = (queryColumns.rowCount, keyColumns.rowCount)
    let work = 2 * rows * columns * width
    let parts = min(headCount, ComputeThreads.count(forWork: work))
    scores.grow(to: parts * rows * columns)
    let scale = 1 / Float(headWidth).squareRoot()
    let causalOffset = causal ? columns - rows : nil
    let (queries, keys, values) = (queries.span, keys.span, values.span)
    unsafe result.withUnsafeMutableBufferPointer { result in
      let result = unsafe result
      unsafe scores.withUnsafeMutableBufferPointer { scores in
        let scores = unsafe scores
        ComputeThreads.run(parts) { part in
          let own = scores.extracting(part * rows * columns..<(part + 1) * rows * columns)
          let scoreBlock = Block(rows: rows, columns: columns, stride: columns)
          for head in headCount * part / parts..<headCount * (part + 1) / parts {
            let shared = head / (headCount / keyValueHeadCount)
            unsafe multiply(
              queries, queryColumns.block(head: head, width: headWidth), keys,
              keyColumns.block(head: shared, width: headWidth), transposingRight: true,
              scale: scale, into: own, scoreBlock)
            for row in 0..<rows {
              var span = unsafe MutableSpan(
                _unsafeElements: own.extracting(row * columns..<(row + 1) * columns))
              softmax(&span, visible: causalOffset.map { row + $0 + 1 } ?? columns)
            }
            let weights = unsafe Span(_unsafeElements: UnsafeBufferPointer(own))
            unsafe multiply(
              weights, scoreBlock, values, valueColumns.block(head: shared, width: headWidth),
              transposingRight: false, into: result,
              resultColumns.block(head: head, width: headWidth))
          }
        }
      }
    }
    counter.add(work)
  }
}
