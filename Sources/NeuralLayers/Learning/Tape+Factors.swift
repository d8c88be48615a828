internal import TensorMath

extension Tape {
  /// Each row times its factor.
  ///
  /// - Parameter factors: `[tokens.rows, 1]`.
  package func scaleRows(_ tokens: Variable, by factors: Variable) -> Variable {
    precondition(factors.count == tokens.rows, "\(factors.count) factors, \(tokens.rows) rows")
    let columns = tokens.columns
    let result = make(tokens.rows, columns, from: tokens, factors)
    result.write { target in
      tokens.read { source in
        factors.read { factors in
          for row in factors.indices {
            var own = target._mutatingExtracting(row * columns..<(row + 1) * columns)
            let part = source.extracting(row * columns..<(row + 1) * columns)
            accumulate(part, scale: factors[row], into: &own, adding: false)
          }
        }
      }
    }
    remember(result) { upstream in
      upstream.withSpan(0..<result.count) { upstream in
        tokens.addToGradient { target, adding in
          factors.read { factors in
            for row in factors.indices {
              var own = target._mutatingExtracting(row * columns..<(row + 1) * columns)
              let back = upstream.extracting(row * columns..<(row + 1) * columns)
              accumulate(back, scale: factors[row], into: &own, adding: adding)
            }
          }
        }
        factors.addToGradient { target, adding in
          tokens.read { source in
            for row in target.indices {
              let place = row * columns..<(row + 1) * columns
              target[row] =
                (adding ? target[row] : 0)
                + dot(upstream.extracting(place), source.extracting(place))
            }
          }
        }
      }
    }
    return result
  }

  /// Σ over columns of first · second, one value a row.
  package func rowDots(_ first: Variable, _ second: Variable) -> Variable {
    precondition(first.count == second.count, "rows of unequal sizes")
    let columns = first.columns
    let result = make(first.rows, 1, from: first, second)
    result.write { target in
      first.read { first in
        second.read { second in
          for row in target.indices {
            let place = row * columns..<(row + 1) * columns
            target[row] = dot(first.extracting(place), second.extracting(place))
          }
        }
      }
    }
    remember(result) { upstream in
      for (own, other) in [(first, second), (second, first)] {
        own.addToGradient { target, adding in
          other.read { other in
            upstream.withSpan(0..<result.count) { upstream in
              for row in upstream.indices {
                let place = row * columns..<(row + 1) * columns
                var part = target._mutatingExtracting(place)
                accumulate(
                  other.extracting(place), scale: upstream[row], into: &part, adding: adding)
              }
            }
          }
        }
      }
    }
    return result
  }

  /// The product of two variables of the same shape, value by value.
  package func elementProduct(_ first: Variable, _ second: Variable) -> Variable {
    precondition(first.count == second.count, "a product of unequal sizes")
    let result = make(first.rows, first.columns, from: first, second)
    result.write { target in
      first.read { first in
        second.read { accumulate(first, times: $0, into: &target, adding: false) }
      }
    }
    remember(result) { upstream in
      for (own, other) in [(first, second), (second, first)] {
        own.addToGradient { target, adding in
          other.read { other in
            upstream.withSpan(0..<result.count) {
              accumulate($0, times: other, into: &target, adding: adding)
            }
          }
        }
      }
    }
    return result
  }

  /// All values times one number.
  package func scale(_ values: Variable, by factor: Float) -> Variable {
    let result = make(values.rows, values.columns, from: values)
    result.write { target in
      values.read { accumulate($0, scale: factor, into: &target, adding: false) }
    }
    remember(result) { upstream in
      values.addToGradient { target, adding in
        upstream.withSpan(0..<result.count) {
          accumulate($0, scale: factor, into: &target, adding: adding)
        }
      }
    }
    return result
  }

  /// The same values in another shape.
  package func reshape(_ values: Variable, rows: Int, columns: Int) -> Variable {
    precondition(rows * columns == values.count, "\(values.count) values as \(rows) x \(columns)")
    let result = make(rows, columns, from: values)
    result.write { target in values.read { accumulate($0, into: &target, adding: false) } }
    rememberHanding(result) { values.hand($0) }
    return result
  }
}
