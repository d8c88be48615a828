internal import TensorMath

extension Tape {
  /// Root-mean-square norm with a weight, as in Llama.
  package func rootMeanSquareNorm(
    _ tokens: Variable, weight: Range<Int>, epsilon: Float
  ) -> Variable {
    let result = makeLearned(tokens.rows, tokens.columns)
    // Holds one number a row; a variable so that its memory is used again.
    let factors = make(tokens.rows, 1)
    forEachWritten(result, factors, reading: tokens) { source, target, factors in
      parameters.withSpan(weight) {
        TensorMath.rootMeanSquareNorm(
          source, weight: $0, epsilon: epsilon, into: &target, factors: &factors)
      }
    }
    remember(result) { [self] upstream in
      tokens.addToGradient { gradient, adding in
        addToGradient(of: weight) { weightGradient in
          tokens.read { source in
            factors.read { factors in
              parameters.withSpan(weight) { weight in
                upstream.withSpan(0..<result.count) {
                  rootMeanSquareNormGradient(
                    source, weight: weight, factors: factors, upstream: $0, into: &gradient,
                    adding: adding, intoWeight: &weightGradient)
                }
              }
            }
          }
        }
      }
    }
    return result
  }

  /// Layer norm, with an affine map where there is one.
  package func layerNorm(
    _ tokens: Variable, weight: Range<Int>? = nil, bias: Range<Int>? = nil, epsilon: Float
  ) -> Variable {
    let normalized = standardNorm(tokens, epsilon: epsilon)
    guard let weight, let bias else { return normalized }
    let result = makeLearned(tokens.rows, tokens.columns)
    result.write { target in
      parameters.withSpan(bias) { fillRows($0, into: &target) }
      normalized.read { source in
        parameters.withSpan(weight) {
          scaleColumns(source, by: $0, into: &target, adding: true)
        }
      }
    }
    remember(result) { [self] upstream in
      upstream.withSpan(0..<result.count) { upstream in
        addToGradient(of: bias) {
          accumulateRows(upstream, columns: result.columns, into: &$0)
        }
        addToGradient(of: weight) { target in
          normalized.read { accumulateColumnProducts(upstream, $0, into: &target) }
        }
        normalized.addToGradient { target, adding in
          parameters.withSpan(weight) {
            scaleColumns(upstream, by: $0, into: &target, adding: adding)
          }
        }
      }
    }
    return result
  }

  private func standardNorm(_ tokens: Variable, epsilon: Float) -> Variable {
    let result = make(tokens.rows, tokens.columns, from: tokens)
    let factors = make(tokens.rows, 1)
    forEachWritten(result, factors, reading: tokens) { source, target, factors in
      TensorMath.standardNorm(
        source, columns: tokens.columns, epsilon: epsilon, into: &target, factors: &factors)
    }
    remember(result) { upstream in
      tokens.addToGradient { gradient, adding in
        result.read { normalized in
          factors.read { factors in
            upstream.withSpan(0..<result.count) {
              standardNormGradient(
                normalized: normalized, columns: result.columns, factors: factors, upstream: $0,
                into: &gradient, adding: adding)
            }
          }
        }
      }
    }
    return result
  }

  private func forEachWritten(
    _ first: Variable, _ second: Variable, reading source: Variable,
    _ body: (Span<Float>, inout MutableSpan<Float>, inout MutableSpan<Float>) -> Void
  ) {
    source.read { source in
      first.write { first in second.write { body(source, &first, &$0) } }
    }
  }
}
