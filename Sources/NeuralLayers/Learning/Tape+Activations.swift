package import TensorMath

extension Tape {
  package func activate(_ tokens: Variable, _ activation: Activation) -> Variable {
    let result = make(tokens.rows, tokens.columns, from: tokens)
    result.write { target in tokens.read { activation.apply($0, into: &target) } }
    remember(result) { upstream in
      tokens.addToGradient { target, adding in
        tokens.read { source in
          upstream.withSpan(0..<result.count) {
            activation.differentiate(source, upstream: $0, into: &target, adding: adding)
          }
        }
      }
    }
    return result
  }

  /// silu(gate) · up, the middle of Llama's feed-forward block.
  package func gatedSiLU(gate: Variable, up: Variable) -> Variable {
    let result = make(gate.rows, gate.columns, from: gate, up)
    result.write { target in
      gate.read { gate in up.read { gateSiLU(gate: gate, up: $0, into: &target) } }
    }
    remember(result) { upstream in
      gate.addToGradient { gateGradient, _ in
        up.addToGradient { upGradient, _ in
          gate.read { gate in
            up.read { up in
              upstream.withSpan(0..<result.count) {
                gateSiLUGradient(
                  gate: gate, up: up, upstream: $0, intoGate: &gateGradient,
                  intoUp: &upGradient)
              }
            }
          }
        }
      }
    }
    return result
  }

  /// One logistic function a value.
  package func sigmoid(_ values: Variable) -> Variable {
    let result = make(values.rows, values.columns, from: values)
    result.write { target in
      values.read { source in
        for index in target.indices { target[index] = TensorMath.sigmoid(source[index]) }
      }
    }
    remember(result) { upstream in
      values.addToGradient { target, adding in
        result.read { level in
          upstream.withSpan(0..<result.count) { upstream in
            for index in target.indices {
              let slope = level[index] * (1 - level[index])
              target[index] = (adding ? target[index] : 0) + upstream[index] * slope
            }
          }
        }
      }
    }
    return result
  }

  /// Rows of probabilities.
  package func softmax(_ values: Variable) -> Variable {
    let result = make(values.rows, values.columns, from: values)
    result.write { target in
      values.read { accumulate($0, into: &target, adding: false) }
      softmaxRows(&target, columns: values.columns)
    }
    remember(result) { upstream in
      result.read { probabilities in
        upstream.withMutableSpan(0..<result.count) {
          softmaxGradient(
            probabilities: probabilities, gradient: &$0, columns: result.columns)
        }
      }
      values.addToGradient { target, adding in
        upstream.withSpan(0..<result.count) {
          accumulate($0, into: &target, adding: adding)
        }
      }
    }
    return result
  }
}

extension Tape {
  /// Probabilities over the rows of each range of a column.
  ///
  /// - Parameters:
  ///   - values: `[rows, 1]`.
  ///   - ranges: Cover all rows in order.
  package func softmax(_ values: Variable, within ranges: [Range<Int>]) -> Variable {
    let result = make(values.rows, 1, from: values)
    result.write { target in
      values.read { accumulate($0, into: &target, adding: false) }
      for range in ranges {
        var own = target._mutatingExtracting(range)
        softmaxRows(&own, columns: range.count)
      }
    }
    remember(result) { upstream in
      result.read { probabilities in
        upstream.withMutableSpan(0..<result.count) { gradient in
          for range in ranges {
            var own = gradient._mutatingExtracting(range)
            softmaxGradient(
              probabilities: probabilities.extracting(range), gradient: &own,
              columns: range.count)
          }
        }
      }
      values.addToGradient { target, adding in
        upstream.withSpan(0..<result.count) {
          accumulate($0, into: &target, adding: adding)
        }
      }
    }
    return result
  }
}
