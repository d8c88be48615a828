internal import TensorMath

extension Tape {
  /// Rows of a variable in any order, each as often as it is named.
  package func gather(_ tokens: Variable, rows: [Int]) -> Variable {
    let result = make(rows.count, tokens.columns, from: tokens)
    let columns = tokens.columns
    result.write { target in
      tokens.read { copyRows($0, rows, columns: columns, into: &target) }
    }
    remember(result) { upstream in
      tokens.addToGradient { target, adding in
        if !adding { for index in target.indices { target[index] = 0 } }
        upstream.withSpan(0..<result.count) {
          addRows($0, to: rows, columns: columns, into: &target)
        }
      }
    }
    return result
  }

  /// Rows of a table among the parameters, such as token embeddings.
  package func gather(_ table: Range<Int>, columns: Int, rows: [Int]) -> Variable {
    let result = makeLearned(rows.count, columns)
    result.write { target in
      parameters.withSpan(table) { copyRows($0, rows, columns: columns, into: &target) }
    }
    remember(result) { [self] upstream in
      addToGradient(of: table) { target in
        upstream.withSpan(0..<result.count) {
          addRows($0, to: rows, columns: columns, into: &target)
        }
      }
    }
    return result
  }

  /// Variables of the same width below one another.
  package func stack(_ parts: [Variable]) -> Variable {
    let columns = parts[0].columns
    let rows = parts.reduce(0) { $0 + $1.rows }
    let result =
      parts.contains(where: \.needsGradient)
      ? makeLearned(rows, columns) : make(rows, columns)
    var starts: [Int] = []
    result.write { target in
      var start = 0
      for part in parts {
        starts.append(start)
        var own = target._mutatingExtracting(start..<start + part.count)
        part.read { accumulate($0, into: &own, adding: false) }
        start += part.count
      }
    }
    let placed = starts
    remember(result) { upstream in
      for (part, start) in zip(parts, placed) {
        part.addToGradient { target, adding in
          upstream.withSpan(start..<start + part.count) {
            accumulate($0, into: &target, adding: adding)
          }
        }
      }
    }
    return result
  }

  /// The columns of several variables side by side.
  package func joinColumns(_ parts: [Variable]) -> Variable {
    let (rows, columns) = (parts[0].rows, parts.reduce(0) { $0 + $1.columns })
    let result = makeLearned(rows, columns)
    result.write { target in
      forEachColumnBlock(of: parts) { part, first in
        part.read { source in
          for row in 0..<rows {
            let start = row * columns + first
            var own = target._mutatingExtracting(start..<start + part.columns)
            let from = source.extracting(row * part.columns..<(row + 1) * part.columns)
            accumulate(from, into: &own, adding: false)
          }
        }
      }
    }
    remember(result) { [self] upstream in
      upstream.withSpan(0..<result.count) { upstream in
        forEachColumnBlock(of: parts) { part, first in
          part.addToGradient { target, adding in
            for row in 0..<rows {
              let start = row * columns + first
              var own = target._mutatingExtracting(row * part.columns..<(row + 1) * part.columns)
              let from = upstream.extracting(start..<start + part.columns)
              accumulate(from, into: &own, adding: adding)
            }
          }
        }
      }
    }
    return result
  }

  private func forEachColumnBlock(of parts: [Variable], _ body: (Variable, Int) -> Void) {
    var first = 0
    for part in parts {
      body(part, first)
      first += part.columns
    }
  }

  /// The sum of two variables of the same shape.
  package func add(_ first: Variable, _ second: Variable) -> Variable {
    precondition(first.count == second.count, "a sum of unequal sizes")
    let result = make(first.rows, first.columns, from: first, second)
    result.write { target in
      first.read { accumulate($0, into: &target, adding: false) }
      second.read { accumulate($0, into: &target, adding: true) }
    }
    rememberHanding(result) { upstream in
      second.addToGradient { target, adding in
        upstream.withSpan(0..<result.count) {
          accumulate($0, into: &target, adding: adding)
        }
      }
      first.hand(upstream)
    }
    return result
  }

  /// Each column times a learned factor, added to `residual` (LayerScale).
  package func addScaled(
    _ change: Variable, by factors: Range<Int>, to residual: Variable
  ) -> Variable {
    let result = makeLearned(change.rows, change.columns)
    result.write { target in
      residual.read { accumulate($0, into: &target, adding: false) }
      change.read { source in
        parameters.withSpan(factors) {
          scaleColumns(source, by: $0, into: &target, adding: true)
        }
      }
    }
    rememberHanding(result) { [self] upstream in
      upstream.withSpan(0..<result.count) { upstream in
        addToGradient(of: factors) { target in
          change.read { accumulateColumnProducts(upstream, $0, into: &target) }
        }
        change.addToGradient { target, adding in
          parameters.withSpan(factors) {
            scaleColumns(upstream, by: $0, into: &target, adding: adding)
          }
        }
      }
      residual.hand(upstream)
    }
    return result
  }

  /// The mean row of each range, `[ranges.count, columns]`.
  package func means(_ tokens: Variable, of ranges: [Range<Int>]) -> Variable {
    let result = make(ranges.count, tokens.columns, from: tokens)
    let columns = tokens.columns
    result.write { target in
      tokens.read { source in
        for (index, range) in ranges.enumerated() {
          var own = target._mutatingExtracting(index * columns..<(index + 1) * columns)
          for column in own.indices { own[column] = 0 }
          let part = source.extracting(range.lowerBound * columns..<range.upperBound * columns)
          accumulateRows(part, columns: columns, into: &own)
          for column in own.indices { own[column] /= Float(range.count) }
        }
      }
    }
    remember(result) { upstream in
      tokens.addToGradient { target, adding in
        if !adding { for index in target.indices { target[index] = 0 } }
        upstream.withSpan(0..<result.count) { upstream in
          for (index, range) in ranges.enumerated() {
            let row = upstream.extracting(index * columns..<(index + 1) * columns)
            for token in range {
              var own = target._mutatingExtracting(token * columns..<(token + 1) * columns)
              accumulate(row, scale: 1 / Float(range.count), into: &own, adding: true)
            }
          }
        }
      }
    }
    return result
  }
}

private func copyRows(
  _ source: Span<Float>, _ rows: [Int], columns: Int, into target: inout MutableSpan<Float>
) {
  for (place, row) in rows.enumerated() {
    var own = target._mutatingExtracting(place * columns..<(place + 1) * columns)
    let part = source.extracting(row * columns..<(row + 1) * columns)
    for column in own.indices { own[column] = part[column] }
  }
}

private func addRows(
  _ source: Span<Float>, to rows: [Int], columns: Int, into target: inout MutableSpan<Float>
) {
  for (place, row) in rows.enumerated() {
    var own = target._mutatingExtracting(row * columns..<(row + 1) * columns)
    let part = source.extracting(place * columns..<(place + 1) * columns)
    accumulate(part, into: &own, adding: true)
  }
}
