package import TensorMath

/// Multi-head scaled dot-product attention over rows of queries, keys and values.
///
/// Heads lie side by side in a row. With fewer key/value heads than query heads, neighbouring
/// query heads share one (grouped-query attention).
package struct ScaledDotProduct: Sendable {
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

  /// - Parameters:
  ///   - queries: `[queryCount, headCount * headWidth]`.
  ///   - keys: `[keyCount, keyValueHeadCount * headWidth]`; the last rows belong to the queries.
  ///   - values: As `keys`.
  ///   - causal: Whether a query sees only its own key and those before.
  /// - Returns: `[queryCount, headCount * headWidth]`.
  package func callAsFunction(
    queries: Matrix, keys: Matrix, values: Matrix, causal: Bool,
    counting counter: inout MACCounter
  ) -> Matrix {
    var result = Matrix(rows: queries.rows, columns: queries.columns)
    var scores = Matrix(rows: queries.rows, columns: keys.rows)
    let scoreBlock = Block(rows: queries.rows, columns: keys.rows, stride: keys.rows)
    let scale = 1 / Float(headWidth).squareRoot()
    for head in 0..<headCount {
      let sharedHead = head / (headCount / keyValueHeadCount)
      let queryBlock = block(of: queries, head: head)
      multiply(
        queries.elements.span, queryBlock, keys.elements.span, block(of: keys, head: sharedHead),
        transposingRight: true, scale: scale, into: &scores.elements, scoreBlock,
        counting: &counter)
      scores.softmaxRows(causalOffset: causal ? keys.rows - queries.rows : nil)
      multiply(
        scores.elements.span, scoreBlock, values.elements.span,
        block(of: values, head: sharedHead), transposingRight: false, into: &result.elements,
        queryBlock, counting: &counter)
    }
    return result
  }

  private func block(of matrix: Matrix, head: Int) -> Block {
    Block(
      rows: matrix.rows, columns: headWidth, offset: head * headWidth, stride: matrix.columns)
  }
}
