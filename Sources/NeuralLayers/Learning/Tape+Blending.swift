internal import TensorMath

extension Tape {
  /// Puts processed rows in the places of others, each by its gate: `h + g (y − h)` (MoLe-VLA,
  /// equation 7).
  ///
  /// - Parameters:
  ///   - tokens: `[tokenCount, width]`.
  ///   - processed: `[rows.count, width]`.
  ///   - rows: The places, each once.
  ///   - gates: `[rows.count, 1]`; `nil` takes the processed rows whole.
  package func blend(
    _ tokens: Variable, with processed: Variable, rows: [Int], gates: Variable? = nil
  ) -> Variable {
    let columns = tokens.columns
    let result = make(tokens.rows, columns, from: tokens, processed)
    result.write { target in
      tokens.read { accumulate($0, into: &target, adding: false) }
      processed.read { source in
        for (index, row) in rows.enumerated() {
          let new = source.extracting(index * columns..<(index + 1) * columns)
          var own = target._mutatingExtracting(row * columns..<(row + 1) * columns)
          let gate = gates?.read { $0[index] } ?? 1
          // Whole rows are taken as they are, so that a model of which all is kept is the dense one.
          for column in own.indices {
            own[column] =
              gate == 1 ? new[column] : own[column] + gate * (new[column] - own[column])
          }
        }
      }
    }
    rememberHanding(result) { [self] upstream in
      blendBack(upstream, tokens, processed, rows, gates)
      tokens.hand(upstream)
    }
    return result
  }

  /// Turns `upstream` into the gradient of the tokens, and adds the others'.
  private func blendBack(
    _ upstream: FloatStorage, _ tokens: Variable, _ processed: Variable, _ rows: [Int],
    _ gates: Variable?
  ) {
    let columns = tokens.columns
    addGateGradient(upstream, tokens, processed, rows, gates)
    upstream.withMutableSpan(0..<tokens.count) { upstream in
      processed.addToGradient { target, adding in
        for (index, row) in rows.enumerated() {
          let gate = gates?.read { $0[index] } ?? 1
          var own = target._mutatingExtracting(index * columns..<(index + 1) * columns)
          let back = upstream.span.extracting(row * columns..<(row + 1) * columns)
          accumulate(back, scale: gate, into: &own, adding: adding)
        }
      }
      for (index, row) in rows.enumerated() {
        let rest = 1 - (gates?.read { $0[index] } ?? 1)
        var own = upstream._mutatingExtracting(row * columns..<(row + 1) * columns)
        for column in own.indices { own[column] *= rest }
      }
    }
  }

  private func addGateGradient(
    _ upstream: FloatStorage, _ tokens: Variable, _ processed: Variable, _ rows: [Int],
    _ gates: Variable?
  ) {
    let columns = tokens.columns
    gates?.addToGradient { target, adding in
      upstream.withSpan(0..<tokens.count) { upstream in
        tokens.read { old in
          processed.read { new in
            for (index, row) in rows.enumerated() {
              let place = row * columns..<(row + 1) * columns
              let back = upstream.extracting(place)
              let slope =
                dot(back, new.extracting(index * columns..<(index + 1) * columns))
                - dot(back, old.extracting(place))
              target[index] = (adding ? target[index] : 0) + slope
            }
          }
        }
      }
    }
  }

  /// Runs or skips a layer for whole sequences by binary gates with a gradient straight through:
  /// forward, chosen sequences become `processed` and others stay; backward, the gate of every
  /// sequence gets ⟨dh, layer(h) − h⟩, as equation 7 with `g = m − stopgrad(y) + y` says.
  ///
  /// - Parameters:
  ///   - processed: The layer's answer for the chosen sequences, below one another.
  ///   - others: What the layer would answer for the other sequences, without a way back; `nil`
  ///     leaves their gates without this gradient.
  ///   - gates: `[sequences.count, layerCount]`, of which `column` belongs to this layer.
  package func choose(
    _ tokens: Variable, processed: Variable?, chosen: [Int], others: Variable?,
    otherSequences: [Int], sequences: [Range<Int>], gates: Variable, column: Int
  ) -> Variable {
    let columns = tokens.columns
    let rows = chosen.flatMap { Array(sequences[$0]) }
    let result = processed.map { blend(tokens, with: $0, rows: rows) } ?? pass(tokens)
    remember(before: result) { [self] upstream in
      addChoiceGradient(
        upstream, tokens, processed, sequences, chosen, gates, column, columns)
      addChoiceGradient(
        upstream, tokens, others, sequences, otherSequences, gates, column, columns)
    }
    return result
  }

  /// For each sequence of `members`, whose rows lie below one another in `answer`.
  private func addChoiceGradient(
    _ upstream: FloatStorage, _ tokens: Variable, _ answer: Variable?, _ sequences: [Range<Int>],
    _ members: [Int], _ gates: Variable, _ column: Int, _ columns: Int
  ) {
    guard let answer else { return }
    gates.addToGradient { target, adding in
      if !adding { for index in target.indices { target[index] = 0 } }
      var start = 0
      for sequence in members {
        let rows = sequences[sequence]
        let place = rows.lowerBound * columns..<rows.upperBound * columns
        let own = start..<start + place.count
        start += place.count
        let slope = upstream.withSpan(place) { back in
          answer.read { dot(back, $0.extracting(own)) }
            - tokens.read { dot(back, $0.extracting(place)) }
        }
        target[sequence * gates.columns + column] += slope
      }
    }
  }

  private func pass(_ tokens: Variable) -> Variable {
    let result = make(tokens.rows, tokens.columns, from: tokens)
    result.write { target in tokens.read { accumulate($0, into: &target, adding: false) } }
    rememberHanding(result) { tokens.hand($0) }
    return result
  }
}
