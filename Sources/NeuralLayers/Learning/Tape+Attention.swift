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
    attend(
      queries, keys, values,
      AttentionGradients(
        shape, sequences: sequences, causal: causal, offsets: (0, 0, 0),
        strides: (queries.columns, keys.columns, values.columns)),
      width: shape.width, longest: sequences.map(\.count).max() ?? 0)
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
    return attend(
      joint, joint, joint,
      AttentionGradients(
        shape, sequences: sequences, causal: false, offsets: (0, width, 2 * width),
        strides: (stride, stride, stride)),
      width: width, longest: sequences.map(\.count).max() ?? 0)
  }

  /// - Parameters:
  ///   - queries, keys, values: Three variables, or one that holds all three.
  ///   - longest: The length of the longest sequence.
  private func attend(
    _ queries: Variable, _ keys: Variable, _ values: Variable, _ attention: AttentionGradients,
    width: Int, longest: Int
  ) -> Variable {
    let result = make(queries.rows, width, from: queries, keys, values)
    let probabilities = make(attention.probabilityCount, 1)
    attention.forward(
      queries: queries.storage, keys: keys.storage, values: values.storage,
      probabilities: probabilities.storage, into: result.storage)
    count(attention.multiplyAccumulates)
    remember(result) { [self] upstream in
      let query = queries.target()
      // Of one variable that holds all three, each part is still to be written.
      let isShared = keys === queries
      guard let query, let key = isShared ? query : keys.target(),
        let value = isShared ? query : values.target()
      else { return }
      count(2 * attention.multiplyAccumulates)
      attention.backward(
        queries: queries.storage, keys: keys.storage, values: values.storage,
        probabilities: probabilities.storage, upstream: upstream,
        scratch: make(longest * longest, 1).storage, intoQueries: query.storage,
        intoKeys: key.storage, intoValues: value.storage,
        adding: (query.adding, key.adding, value.adding))
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
}
