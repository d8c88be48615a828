extension StoredWeight {
  /// Some of the rows as 32-bit floats, in the order of `indices`: an embedding table's look-up.
  ///
  /// - Parameter columns: The width of a row.
  /// - Precondition: Every index is a row of the weight.
  package func gathering(_ indices: [Int], columns: Int) -> Matrix {
    var result = Matrix(rows: indices.count, columns: columns)
    withBytes { bytes in
      result.forEachRow { index, target in
        element.decode(bytes, from: indices[index] * columns, into: &target)
      }
    }
    return result
  }

  /// Rows `rows` as 32-bit floats.
  func floats(rows: Range<Int>, columns: Int) -> [Float] {
    var result = [Float](repeating: 0, count: rows.count * columns)
    let first = rows.lowerBound
    withBytes { bytes in
      forEachRow(of: &result, rows: rows.count, columns: columns) { row, target in
        element.decode(bytes, from: (first + row) * columns, into: &target)
        guard element == .int8 else { return }
        for column in target.indices { target[column] *= scales[first + row] }
      }
    }
    return result
  }

  /// All rows as bytes with a scale each, as `mole checkpoint quantize` writes them.
  func quantized(rows: Int, columns: Int) -> (bytes: [Int8], scales: [Float]) {
    var activations = Activations(.int8)
    withBytes { bytes in
      activations.fill(rows: rows, columns: columns) { row, target in
        element.decode(bytes, from: row * columns, into: &target)
      }
    }
    return (activations.bytes, activations.scales)
  }
}
