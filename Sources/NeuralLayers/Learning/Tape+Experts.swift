internal import TensorMath

// A token's experts (FactorLLM): what they count, and their sum.

extension Tape {
  /// What each expert's answer to each token counts, `[tokenCount, expertCount]`: 0 where it was not
  /// chosen.
  ///
  /// Back from there, a hard choice says nothing; one that goes straight through says what the
  /// probabilities, a softmax over all scores, would; soft gates say what they are. An expert that a
  /// token did not choose was not run on it, and its own gate learns nothing from that token.
  ///
  /// - Parameters:
  ///   - scores: `[tokenCount, expertCount]`.
  ///   - choices: What `routing` made of them.
  package func gates(
    _ scores: Variable, _ choices: ExpertChoices, _ routing: ExpertRouting
  ) -> Variable {
    let columns = scores.columns
    let result =
      routing.gate == .hard
      ? make(scores.rows, columns) : make(scores.rows, columns, from: scores)
    result.write { target in
      for index in target.indices { target[index] = 0 }
      for (expert, tokens) in choices.tokens.enumerated() {
        for (token, gate) in zip(tokens, choices.gates[expert]) {
          target[token * columns + expert] = gate
        }
      }
    }
    remember(result) { [self] upstream in
      // What is computed on the way back has none of its own.
      let silent = silent()
      let chances =
        routing.gate == .soft
        ? silent.scale(result, by: 1 / (routing.scale * Float(routing.count)))
        : silent.softmax(scores)
      let factor = routing.scale * (routing.gate == .soft ? Float(routing.count) : 1)
      chances.read { chances in
        upstream.withMutableSpan(0..<result.count) {
          softmaxGradient(
            probabilities: chances, gradient: &$0, columns: columns, scale: factor)
        }
      }
      scores.addToGradient { target, adding in
        upstream.withSpan(0..<result.count) { accumulate($0, into: &target, adding: adding) }
      }
    }
    return result
  }

  /// Adds each expert's answers, by their gates, to the rows of the tokens that chose it.
  ///
  /// - Parameters:
  ///   - tokens: `[tokenCount, width]`.
  ///   - answers: One `[choices.tokens[expert].count, width]` an expert; `nil` where none chose it.
  ///   - gates: `[tokenCount, expertCount]`.
  package func addExperts(
    _ answers: [Variable?], _ choices: ExpertChoices, gates: Variable, to tokens: Variable
  ) -> Variable {
    let columns = tokens.columns
    let places = zip(answers.indices, answers).compactMap { expert, answer in
      answer.map { ExpertPlaces(answer: $0, rows: choices.tokens[expert], column: expert) }
    }
    let result = makeLearned(tokens.rows, columns)
    result.write { target in
      tokens.read { accumulate($0, into: &target, adding: false) }
      gates.read { gates in
        for place in places {
          place.answer.read { place.add($0, to: &target, gates, expertCount: answers.count) }
        }
      }
    }
    rememberHanding(result) { upstream in
      upstream.withSpan(0..<result.count) { upstream in
        gates.addToGradient { target, adding in
          if !adding { for index in target.indices { target[index] = 0 } }
          for place in places {
            place.addSlopes(upstream, to: &target, expertCount: answers.count, columns: columns)
          }
        }
        gates.read { gates in
          for place in places {
            place.addBack(upstream, gates, expertCount: answers.count, columns: columns)
          }
        }
      }
      tokens.hand(upstream)
    }
    return result
  }
}

/// Which rows an expert answered.
private struct ExpertPlaces {
  let answer: Variable
  let rows: [Int]
  let column: Int

  func add(
    _ source: Span<Float>, to target: inout MutableSpan<Float>, _ gates: Span<Float>,
    expertCount: Int
  ) {
    let columns = answer.columns
    for (index, row) in rows.enumerated() {
      var own = target._mutatingExtracting(row * columns..<(row + 1) * columns)
      accumulate(
        source.extracting(index * columns..<(index + 1) * columns),
        scale: gates[row * expertCount + column], into: &own, adding: true)
    }
  }

  /// ⟨dy, e(x)⟩ of each token, in the gate's place.
  func addSlopes(
    _ upstream: Span<Float>, to target: inout MutableSpan<Float>, expertCount: Int, columns: Int
  ) {
    answer.read { answer in
      for (index, row) in rows.enumerated() {
        target[row * expertCount + column] += dot(
          upstream.extracting(row * columns..<(row + 1) * columns),
          answer.extracting(index * columns..<(index + 1) * columns))
      }
    }
  }

  func addBack(
    _ upstream: Span<Float>, _ gates: Span<Float>, expertCount: Int, columns: Int
  ) {
    answer.addToGradient { target, adding in
      for (index, row) in rows.enumerated() {
        var own = target._mutatingExtracting(index * columns..<(index + 1) * columns)
        accumulate(
          upstream.extracting(row * columns..<(row + 1) * columns),
          scale: gates[row * expertCount + column], into: &own, adding: adding)
      }
    }
  }
}
