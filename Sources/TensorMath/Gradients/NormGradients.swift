import RealModule

// Norms of rows, forward and backward. `factors` keeps one number a row for the way back.

/// x · r · weight with r = 1 / √(mean x² + ε).
package func rootMeanSquareNorm(
  _ source: Span<Float>, weight: Span<Float>, epsilon: Float,
  into target: inout MutableSpan<Float>, factors: inout MutableSpan<Float>
) {
  let columns = weight.count
  for row in factors.indices {
    let x = source.extracting(row * columns..<(row + 1) * columns)
    var y = target._mutatingExtracting(row * columns..<(row + 1) * columns)
    let factor = inverseRootMeanSquare(x, epsilon: epsilon)
    factors[row] = factor
    for column in y.indices { y[column] = x[column] * factor * weight[column] }
  }
}

/// dx (+)= r w dy − x r³ mean(w dy x); dw += Σ dy x r.
package func rootMeanSquareNormGradient(
  _ source: Span<Float>, weight: Span<Float>, factors: Span<Float>, upstream: Span<Float>,
  into gradient: inout MutableSpan<Float>, adding: Bool,
  intoWeight weightGradient: inout MutableSpan<Float>
) {
  let columns = weight.count
  for row in factors.indices {
    let range = row * columns..<(row + 1) * columns
    let (x, dy) = (source.extracting(range), upstream.extracting(range))
    var dx = gradient._mutatingExtracting(range)
    let factor = factors[row]
    var sum: Float = 0
    for column in dx.indices {
      sum = Relaxed.multiplyAdd(weight[column] * dy[column], x[column], sum)
      weightGradient[column] = Relaxed.multiplyAdd(
        dy[column] * factor, x[column], weightGradient[column])
    }
    let back = -sum * factor * factor * factor / Float(columns)
    for column in dx.indices {
      dx[column] =
        (adding ? dx[column] : 0) + factor * weight[column] * dy[column] + back * x[column]
    }
  }
}

/// Mean 0 and variance 1; `factors` keeps 1 / √(variance + ε).
package func standardNorm(
  _ source: Span<Float>, columns: Int, epsilon: Float, into target: inout MutableSpan<Float>,
  factors: inout MutableSpan<Float>
) {
  for row in factors.indices {
    let range = row * columns..<(row + 1) * columns
    var y = target._mutatingExtracting(range)
    factors[row] = standardize(source.extracting(range), epsilon: epsilon, into: &y)
  }
}

/// dx (+)= r (dy − mean dy − y mean(dy y)), with y the normalised row.
package func standardNormGradient(
  normalized: Span<Float>, columns: Int, factors: Span<Float>, upstream: Span<Float>,
  into gradient: inout MutableSpan<Float>, adding: Bool
) {
  let scale = 1 / Float(columns)
  for row in factors.indices {
    let range = row * columns..<(row + 1) * columns
    let (y, dy) = (normalized.extracting(range), upstream.extracting(range))
    var dx = gradient._mutatingExtracting(range)
    var (sum, product): (Float, Float) = (0, 0)
    for column in dy.indices {
      sum = Relaxed.sum(sum, dy[column])
      product = Relaxed.multiplyAdd(dy[column], y[column], product)
    }
    let (mean, slope, factor) = (sum * scale, product * scale, factors[row])
    for column in dx.indices {
      dx[column] =
        (adding ? dx[column] : 0) + factor * (dy[column] - mean - y[column] * slope)
    }
  }
}

/// Rows of probabilities.
package func softmaxRows(_ values: inout MutableSpan<Float>, columns: Int) {
  for start in stride(from: 0, to: values.count, by: columns) {
    var row = values._mutatingExtracting(start..<start + columns)
    softmax(&row, visible: columns)
  }
}

/// Turns the gradient of probabilities into that of their logits, in place: p (dp − Σ p dp) · scale.
package func softmaxGradient(
  probabilities: Span<Float>, gradient: inout MutableSpan<Float>, columns: Int, scale: Float = 1
) {
  precondition(probabilities.count == gradient.count, "unequal counts")
  for start in stride(from: 0, to: gradient.count, by: columns) {
    let p = probabilities.extracting(start..<start + columns)
    var dp = gradient._mutatingExtracting(start..<start + columns)
    var sum: Float = 0
    for column in p.indices { sum = Relaxed.multiplyAdd(p[column], dp[column], sum) }
    for column in dp.indices { dp[column] = scale * p[column] * (dp[column] - sum) }
  }
}
