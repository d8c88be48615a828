internal import Foundation
internal import TensorMath

// Losses. Each adds its own gradient, already weighted, to what it was computed from.

extension Tape {
  /// Σ over rows of weight · mean squared difference over columns.
  ///
  /// - Parameters:
  ///   - target: The same shape; without a way back.
  ///   - weights: One a row.
  ///   - factor: What the gradient is multiplied by.
  /// - Returns: The loss before the factor.
  package func squaredError(
    _ predicted: Variable, _ target: Variable, weights: [Float], factor: Float
  ) -> Double {
    precondition(predicted.count == target.count, "a difference of unequal sizes")
    let columns = predicted.columns
    var loss = 0.0
    let difference = make(predicted.rows, columns)
    difference.write { difference in
      predicted.read { predicted in
        target.read { target in
          for row in weights.indices {
            let place = row * columns..<(row + 1) * columns
            var own = difference._mutatingExtracting(place)
            accumulate(predicted.extracting(place), into: &own, adding: false)
            accumulate(target.extracting(place), scale: -1, into: &own, adding: true)
            let squares = dot(own.span, own.span)
            loss += Double(weights[row]) * Double(squares) / Double(columns)
          }
        }
      }
    }
    remember {
      predicted.addToGradient { gradient, adding in
        difference.read { difference in
          for row in weights.indices {
            let place = row * columns..<(row + 1) * columns
            var own = gradient._mutatingExtracting(place)
            accumulate(
              difference.extracting(place), scale: factor * weights[row] * 2 / Float(columns),
              into: &own, adding: adding)
          }
        }
      }
    }
    return loss
  }

  /// Σ over rows of weight · mean Huber loss over columns, which is half of the squared difference
  /// up to `width`, and grows linearly beyond.
  ///
  /// - Parameters:
  ///   - target: The same shape; without a way back.
  ///   - weights: One a row.
  ///   - factor: What the gradient is multiplied by.
  /// - Returns: The loss before the factor.
  package func huberError(
    _ predicted: Variable, _ target: Variable, width: Float, weights: [Float], factor: Float
  ) -> Double {
    precondition(predicted.count == target.count, "a difference of unequal sizes")
    let columns = predicted.columns
    var loss = 0.0
    let clipped = make(predicted.rows, columns)
    clipped.write { clipped in
      predicted.read { predicted in
        target.read { target in
          for index in clipped.indices {
            let difference = predicted[index] - target[index]
            clipped[index] = min(width, max(-width, difference))
            let own = clipped[index] * (difference - clipped[index] / 2)
            loss += Double(weights[index / columns] * own) / Double(columns)
          }
        }
      }
    }
    remember {
      predicted.addToGradient { gradient, adding in
        clipped.read { clipped in
          for row in weights.indices {
            let place = row * columns..<(row + 1) * columns
            var own = gradient._mutatingExtracting(place)
            accumulate(
              clipped.extracting(place), scale: factor * weights[row] / Float(columns),
              into: &own, adding: adding)
          }
        }
      }
    }
    return loss
  }

  /// The mean squared difference over columns, one value a row.
  package func rowSquaredErrors(_ first: Variable, _ second: Variable) -> Variable {
    let difference = add(first, scale(second, by: -1))
    return scale(rowDots(difference, difference), by: 1 / Float(first.columns))
  }

  /// Σ over columns of p (log p − log q) with p and q the softmax of a row of each: the reverse
  /// Kullback-Leibler divergence of a student from its teacher, one value a row.
  package func rowReverseDivergences(student: Variable, teacher: Variable) -> Variable {
    precondition(student.count == teacher.count, "a divergence of unequal sizes")
    let columns = student.columns
    let result = make(student.rows, 1, from: student, teacher)
    let (own, other) = (logarithms(student), logarithms(teacher))
    result.write { target in
      own.read { own in
        other.read { other in
          for row in target.indices {
            var sum: Float = 0
            for index in row * columns..<(row + 1) * columns {
              sum += expf(own[index]) * (own[index] - other[index])
            }
            target[row] = sum
          }
        }
      }
    }
    remember(result) { upstream in
      own.read { own in
        other.read { other in
          result.read { divergence in
            upstream.withSpan(0..<result.count) { upstream in
              student.addToGradient { target, adding in
                for row in upstream.indices {
                  for index in row * columns..<(row + 1) * columns {
                    let slope = expf(own[index]) * (own[index] - other[index] - divergence[row])
                    target[index] = (adding ? target[index] : 0) + upstream[row] * slope
                  }
                }
              }
              teacher.addToGradient { target, adding in
                for row in upstream.indices {
                  for index in row * columns..<(row + 1) * columns {
                    let slope = expf(other[index]) - expf(own[index])
                    target[index] = (adding ? target[index] : 0) + upstream[row] * slope
                  }
                }
              }
            }
          }
        }
      }
    }
    return result
  }

  /// Σ weight · value.
  ///
  /// - Parameter factor: What the gradient is multiplied by.
  /// - Returns: The loss before the factor.
  package func weightedSum(_ values: Variable, weights: [Float], factor: Float) -> Double {
    precondition(values.count == weights.count, "\(weights.count) weights, \(values.count) values")
    remember {
      values.addToGradient { target, adding in
        accumulate(weights.span, scale: factor, into: &target, adding: adding)
      }
    }
    return values.read { values in
      values.indices.reduce(0.0) { $0 + Double(weights[$1]) * Double(values[$1]) }
    }
  }

  /// The mean over rows of −log p of what each row should have foretold, p the softmax of its scores.
  ///
  /// - Parameters:
  ///   - targets: A column for each row.
  ///   - factor: What the gradient is multiplied by.
  /// - Returns: The loss before the factor.
  package func crossEntropy(_ scores: Variable, targets: [Int], factor: Float) -> Double {
    precondition(targets.count == scores.rows, "\(targets.count) targets of \(scores.rows) rows")
    let columns = scores.columns
    let chances = logarithms(scores)
    let loss = chances.read { chances in
      targets.enumerated().reduce(0.0) { $0 - Double(chances[$1.offset * columns + $1.element]) }
    }
    let scale = factor / Float(max(targets.count, 1))
    remember {
      scores.addToGradient { target, adding in
        chances.read { chances in
          for (row, wanted) in targets.enumerated() {
            for column in 0..<columns {
              let index = row * columns + column
              let slope = expf(chances[index]) - (column == wanted ? 1 : 0)
              target[index] = (adding ? target[index] : 0) + scale * slope
            }
          }
        }
      }
    }
    return loss / Double(max(targets.count, 1))
  }

  /// The Prior-Approximate loss of a router's scores.
  ///
  /// - Parameters:
  ///   - labels: The experts of each token, as many for each.
  ///   - factor: What the gradient is multiplied by.
  /// - Returns: The loss before the factor.
  package func priorApproximation(
    _ scores: Variable, labels: [[Int]], factor: Float
  ) -> Double {
    let (loss, gradient) = PriorApproximation.crossEntropy(scores.matrix, labels: labels)
    remember {
      scores.addToGradient { target, adding in
        accumulate(gradient.elements.span, scale: factor, into: &target, adding: adding)
      }
    }
    return loss
  }

  /// The logarithms of each row's softmax, without a way back.
  private func logarithms(_ values: Variable) -> Variable {
    let columns = values.columns
    let result = make(values.rows, columns)
    result.write { target in
      values.read { source in
        for row in 0..<values.rows {
          let part = source.extracting(row * columns..<(row + 1) * columns)
          var largest = part[0]
          for column in part.indices { largest = max(largest, part[column]) }
          var sum: Float = 0
          for column in part.indices { sum += expf(part[column] - largest) }
          let level = largest + logf(sum)
          for column in part.indices { target[row * columns + column] = part[column] - level }
        }
      }
    }
    return result
  }
}
