package import TensorMath

extension Tape {
  /// Scaled dot-product attention of sequences that do not see one another.
  ///
  /// - Parameters:
  ///   - queries, keys, values: `[tokenCount, width]`, and with fewer key/value heads narrower.
  ///   - sequences: The rows of each sequence.
  /// - Returns: `[tokenCount, width]`.
  package func attend(
    queries: Variable, keys: Variable, values: Variable, _ shape: AttentionShape,
    sequences: [Range<Int>], causal: Bool
  ) -> Variable {
    let attention = AttentionGradients(
      shape, sequences: sequences, causal: causal, offsets: (0, 0, 0),
      strides: (queries.columns, keys.columns, values.columns))
    let result = make(queries.rows, shape.width, from: queries, keys, values)
    let probabilities = make(attention.probabilityCount, 1)
    attention.forward(
      queries: queries.storage, keys: keys.storage, values: values.storage,
      probabilities: probabilities.storage, into: result.storage)
    count(attention.multiplyAccumulates)
    let scratchCount = square(of: sequences)
    remember(result) { [self] upstream in
      guard let query = queries.target(), let key = keys.target(), let value = values.target()
      else { return }
      count(2 * attention.multiplyAccumulates)
      attention.backward(
        queries: queries.storage, keys: keys.storage, values: values.storage,
        probabilities: probabilities.storage, upstream: upstream,
        scratch: make(scratchCount, 1).storage, intoQueries: query.storage,
        intoKeys: key.storage, intoValues: value.storage,
        adding: (query.adding, key.adding, value.adding))
    }
    return result
  }

  /// The same where queries, keys and values lie side by side, and every token sees all others.
  ///
  /// - Parameter joint: `[tokenCount, 3 * width]`.
  package func attend(
    joint: Variable, headCount: Int, sequences: [Range<Int>]
  ) -> Variable {
    let width = joint.columns / 3
    let shape = AttentionShape(
      headCount: headCount, keyValueHeadCount: headCount, headWidth: width / headCount)
    let stride = joint.columns
    let attention = AttentionGradients(
      shape, sequences: sequences, causal: false, offsets: (0, width, 2 * width),
      strides: (stride, stride, stride))
    let result = make(joint.rows, width, from: joint)
    let probabilities = make(attention.probabilityCount, 1)
    attention.forward(
      queries: joint.storage, keys: joint.storage, values: joint.storage,
      probabilities: probabilities.storage, into: result.storage)
    count(attention.multiplyAccumulates)
    let scratchCount = square(of: sequences)
    remember(result) { [self] upstream in
      guard let (target, adding) = joint.target() else { return }
      count(2 * attention.multiplyAccumulates)
      attention.backward(
        queries: joint.storage, keys: joint.storage, values: joint.storage,
        probabilities: probabilities.storage, upstream: upstream,
        scratch: make(scratchCount, 1).storage, intoQueries: target, intoKeys: target,
        intoValues: target, adding: (adding, adding, adding))
    }
    return result
  }

  /// Rotary positions on every head; the way back turns the other way.
  package func rotate(_ tokens: Variable, _ rotation: RotaryEmbedding) -> Variable {
    let result = make(tokens.rows, tokens.columns, from: tokens)
    result.write { target in
      tokens.read { accumulate($0, into: &target, adding: false) }
      rotation.rotate(&target, columns: tokens.columns, backwards: false)
    }
    rememberHanding(result) { upstream in
      upstream.withMutableSpan(0..<result.count) {
        rotation.rotate(&$0, columns: result.columns, backwards: true)
      }
      tokens.hand(upstream)
    }
    return result
  }

  private func square(of sequences: [Range<Int>]) -> Int {
    sequences.map { $0.count * $0.count }.max() ?? 0
  }
}
