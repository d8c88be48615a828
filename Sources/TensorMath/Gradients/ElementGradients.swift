import RealModule

// Element by element. `adding` says whether a target holds something that is kept; where it does
// not, its old numbers are never read.

/// target = source, or target += source.
package func accumulate(
  _ source: Span<Float>, scale: Float = 1, into target: inout MutableSpan<Float>, adding: Bool
) {
  precondition(source.count == target.count, "\(source.count) values into \(target.count)")
  for index in target.indices {
    target[index] = (adding ? target[index] : 0) + scale * source[index]
  }
}

/// target += first · second.
package func accumulate(
  _ first: Span<Float>, times second: Span<Float>, into target: inout MutableSpan<Float>,
  adding: Bool
) {
  precondition(first.count == target.count && second.count == target.count, "unequal counts")
  for index in target.indices {
    target[index] = (adding ? target[index] : 0) + first[index] * second[index]
  }
}

/// Adds each row of `source` to the single row `target`.
package func accumulateRows(
  _ source: Span<Float>, columns: Int, into target: inout MutableSpan<Float>
) {
  precondition(target.count == columns, "\(target.count) values for \(columns) columns")
  for start in stride(from: 0, to: source.count, by: columns) {
    let row = source.extracting(start..<start + columns)
    for column in target.indices { target[column] += row[column] }
  }
}

/// Fills every row with the same values.
package func fillRows(_ row: Span<Float>, into target: inout MutableSpan<Float>) {
  for start in stride(from: 0, to: target.count, by: row.count) {
    var own = target._mutatingExtracting(start..<start + row.count)
    for column in own.indices { own[column] = row[column] }
  }
}

/// Each column times its factor.
package func scaleColumns(
  _ source: Span<Float>, by factors: Span<Float>, into target: inout MutableSpan<Float>,
  adding: Bool
) {
  let columns = factors.count
  for start in stride(from: 0, to: source.count, by: columns) {
    let row = source.extracting(start..<start + columns)
    var own = target._mutatingExtracting(start..<start + columns)
    for column in own.indices {
      own[column] = (adding ? own[column] : 0) + row[column] * factors[column]
    }
  }
}

/// Adds the sum over rows of first · second to one value a column.
package func accumulateColumnProducts(
  _ first: Span<Float>, _ second: Span<Float>, into target: inout MutableSpan<Float>
) {
  let columns = target.count
  precondition(first.count == second.count, "unequal counts")
  for start in stride(from: 0, to: first.count, by: columns) {
    let (a, b) = (
      first.extracting(start..<start + columns), second.extracting(start..<start + columns)
    )
    for column in target.indices {
      target[column] = Relaxed.multiplyAdd(a[column], b[column], target[column])
    }
  }
}

/// Σ first · second.
package func dot(_ first: Span<Float>, _ second: Span<Float>) -> Float {
  precondition(first.count == second.count, "\(first.count) values with \(second.count)")
  var sum: Float = 0
  for index in first.indices { sum = Relaxed.multiplyAdd(first[index], second[index], sum) }
  return sum
}
