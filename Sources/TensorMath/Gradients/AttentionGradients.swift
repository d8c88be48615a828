/// Attention of many sequences that keeps its probabilities for the way back.
package struct AttentionGradients: Sendable {
  private let shape: AttentionShape
  private let sequences: [Range<Int>]
  private let causal: Bool
  /// The first column of queries, keys and values in their storage.
  private let offsets: (queries: Int, keys: Int, values: Int)
  /// The columns of queries, keys and values in their storage.
  private let strides: (queries: Int, keys: Int, values: Int)
  /// The first probability of each sequence.
  private let starts: [Int]
  /// The number of probabilities, of all heads and sequences.
  package let probabilityCount: Int

  /// - Parameters:
  ///   - sequences: The rows of each sequence.
  ///   - offsets, strides: Where a row's queries, keys and values begin, and how far rows are apart.
  package init(
    _ shape: AttentionShape, sequences: [Range<Int>], causal: Bool,
    offsets: (queries: Int, keys: Int, values: Int),
    strides: (queries: Int, keys: Int, values: Int)
  ) {
    self.shape = shape
    self.sequences = sequences
    self.causal = causal
    self.offsets = offsets
    self.strides = strides
    var end = 0
    starts = sequences.map { sequence in
      defer { end += sequence.count * sequence.count * shape.headCount }
      return end
    }
    probabilityCount = end
  }

  /// Of the forward pass: scores and mixing, masked pairs included.
  package var multiplyAccumulates: Int { 2 * probabilityCount * shape.headWidth }

  /// - Parameters:
  ///   - probabilities: `probabilityCount` numbers, written.
  ///   - mixed: `[tokenCount, width]`, written.
  package func forward(
    queries: FloatStorage, keys: FloatStorage, values: FloatStorage,
    probabilities: FloatStorage, into mixed: FloatStorage
  ) {
    forEachHead { sequence, head, shared, score in
      multiply(
        queries, block(sequence, head, offsets.queries, strides.queries), keys,
        block(sequence, shared, offsets.keys, strides.keys), transposingRight: true,
        scale: scale, into: probabilities, score, adding: false)
      probabilities.withMutableSpan(score.offset..<score.end) { scores in
        for row in 0..<score.rows {
          var own = scores._mutatingExtracting(row * score.columns..<(row + 1) * score.columns)
          softmax(&own, visible: causal ? row + 1 : score.columns)
        }
      }
      multiply(
        probabilities, score, values, block(sequence, shared, offsets.values, strides.values),
        into: mixed, block(sequence, head, 0, shape.width), adding: false)
    }
  }

  /// - Parameters:
  ///   - scratch: As many numbers as the longest sequence's square.
  ///   - adding: For queries, keys and values, whether their gradients hold something already.
  package func backward(
    queries: FloatStorage, keys: FloatStorage, values: FloatStorage,
    probabilities: FloatStorage, upstream: FloatStorage, scratch: FloatStorage,
    intoQueries queryGradient: FloatStorage, intoKeys keyGradient: FloatStorage,
    intoValues valueGradient: FloatStorage,
    adding: (queries: Bool, keys: Bool, values: Bool)
  ) {
    let sharing = shape.headCount / shape.keyValueHeadCount
    forEachHead { sequence, head, shared, score in
      let own = block(sequence, head, 0, shape.width)
      let key = block(sequence, shared, offsets.keys, strides.keys)
      let value = block(sequence, shared, offsets.values, strides.values)
      let query = block(sequence, head, offsets.queries, strides.queries)
      let isLater = !head.isMultiple(of: sharing)
      multiply(
        probabilities, score, transposingLeft: true, upstream, own, into: valueGradient, value,
        adding: adding.values || isLater)
      let square = Block(rows: score.rows, columns: score.columns, stride: score.columns)
      multiply(
        upstream, own, values, value, transposingRight: true, into: scratch, square,
        adding: false)
      probabilities.withSpan(score.offset..<score.end) { probabilities in
        scratch.withMutableSpan(0..<square.end) {
          softmaxGradient(
            probabilities: probabilities, gradient: &$0, columns: square.columns, scale: scale)
        }
      }
      multiply(
        scratch, square, keys, key, into: queryGradient, query, adding: adding.queries)
      multiply(
        scratch, square, transposingLeft: true, queries, query, into: keyGradient, key,
        adding: adding.keys || isLater)
    }
  }

  private var scale: Float { 1 / Float(shape.headWidth).squareRoot() }

  /// Calls `body` with each sequence, head, its key/value head, and the place of its scores.
  private func forEachHead(_ body: (Range<Int>, Int, Int, Block) -> Void) {
    let sharing = shape.headCount / shape.keyValueHeadCount
    for (sequence, start) in zip(sequences, starts) {
      let length = sequence.count
      for head in 0..<shape.headCount {
        let score = Block(
          rows: length, columns: length, offset: start + head * length * length, stride: length)
        body(sequence, head, head / sharing, score)
      }
    }
  }

  private func block(_ sequence: Range<Int>, _ head: Int, _ offset: Int, _ stride: Int) -> Block {
    Block(
      rows: sequence.count, columns: shape.headWidth,
      offset: sequence.lowerBound * stride + offset + head * shape.headWidth, stride: stride)
  }
}
