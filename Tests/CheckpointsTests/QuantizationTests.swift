import Checkpoints
import Failures
import Foundation
import Testing

@Suite struct QuantizationTests {
  /// What NumPy made of the same rows in single precision.
  private struct Rows: Decodable {
    var shape: [Int]
    var bits: [UInt32]
    var values: [Int]
    var scaleBits: [UInt32]
  }

  /// Writes `numbers` as the tensor "w" and quantizes it.
  private func quantized(
    _ numbers: [Float], shape: [Int], in folder: URL
  ) throws -> (archive: TensorArchive, error: QuantizationError) {
    let source = folder.appendingPathComponent("source.safetensors")
    try SafetensorsWriter.write([("w", shape, numbers)], to: source)
    let writer = try CheckpointWriter(
      directory: folder,
      declarations: [
        TensorDeclaration(name: "w", shape: shape, elementType: .int8),
        TensorDeclaration(name: "w_scale", shape: [shape[0], 1]),
      ])
    let error = try writer.addInt8("w", from: TensorArchive(file: source))
    try writer.finish()
    return (try TensorArchive(checkpointDirectory: folder), error)
  }

  @Test("int8 weights and scales are NumPy's, bit for bit")
  func numPy() throws {
    let rows = try JSONFile.decode(Rows.self, from: fixture("Torch/rows.json"))
    try withTemporaryFolder { folder in
      let numbers = rows.bits.map { Float(bitPattern: $0) }
      let (archive, error) = try quantized(numbers, shape: rows.shape, in: folder)
      #expect(try archive.integers("w") == rows.values)
      let scales = try archive.floats("w_scale", shape: [rows.shape[0], 1])
      #expect(scales.map(\.bitPattern) == rows.scaleBits)
      let width = rows.shape[1]
      let products = rows.values.enumerated().map { Float($1) * scales[$0 / width] }
      var (squaredError, squaredNorm) = (0.0, 0.0)
      for (index, number) in numbers.enumerated() {
        let stored = Double(rows.values[index]) * Double(scales[index / width])
        squaredError += (Double(number) - stored) * (Double(number) - stored)
        squaredNorm += Double(number) * Double(number)
      }
      let expected = (squaredError / squaredNorm).squareRoot()
      #expect(abs(error.relative - expected) < 1e-9 && expected > 0.001)
      #expect(try archive.floats("w", shape: rows.shape) == products)
    }
  }

  @Test("many pieces give what one row after another gives")
  func pieces() throws {
    let shape = [700, 300]
    let numbers: [Float] = (0..<700 * 300).map { (index: Int) -> Float in
      let mixed = index * 7919 % 20011 - 10005
      let size = 1 + index / 300 % 7
      return Float(mixed * size)
    }
    try withTemporaryFolder { folder in
      let (archive, _) = try quantized(numbers, shape: shape, in: folder)
      let (values, scales) = (try archive.integers("w"), try archive.floats("w_scale"))
      for row in 0..<700 {
        let part = numbers[row * 300..<(row + 1) * 300]
        let scale: Float = (part.map(\.magnitude).max() ?? 0) / 127
        #expect(scales[row] == scale)
        let expected = part.map { number -> Int in
          Int((number / scale).rounded(.toNearestOrEven))
        }
        #expect(Array(values[row * 300..<(row + 1) * 300]) == expected, "row \(row)")
      }
    }
  }

  @Test("a number that is not finite is refused by the tensor's name", arguments: [0, 70, 129])
  func notFinite(index: Int) throws {
    for number in [Float.nan, .infinity, -.infinity] {
      try withTemporaryFolder { folder in
        var numbers = [Float](repeating: 1, count: 130)
        numbers[index] = number
        let sentence = failure(.badData) {
          _ = try quantized(numbers, shape: [2, 65], in: folder)
        }
        #expect(sentence.contains("'w'") && sentence.contains("not finite"), "\(sentence)")
      }
    }
  }

  @Test("an int8 matrix is as good as the expected one where it may be, with its scales")
  func check() throws {
    try withTemporaryFolder { folder in
      let (archive, _) = try quantized([1, 2, 3, 4, 5, 6], shape: [2, 3], in: folder)
      try archive.check(expected: [("w", [2, 3])], allowingInt8: { $0 == "w" })
      let strict = failure(.badData) { try archive.check(expected: [("w", [2, 3])]) }
      #expect(strict.contains("w: expected floating-point, found I8"), "\(strict)")
      #expect(strict.contains("1 not asked for"), "\(strict)")
      let other = failure(.badData) {
        try archive.check(expected: [("w", [3, 2])], allowingInt8: { _ in true })
      }
      #expect(other.contains("w: expected [3, 2], found [2, 3]"), "\(other)")
      #expect(other.contains("w_scale: expected [3, 1], found [2, 1]"), "\(other)")
    }
  }

  @Test("an int8 matrix without scales is refused with the scales' name")
  func withoutScales() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("model.safetensors")
      let writer = try SafetensorsWriter(
        to: url, declarations: [TensorDeclaration(name: "w", shape: [1, 2], elementType: .int8)])
      try writer.add("w", shape: [1, 2], integers: [1, -127])
      try writer.finish()
      let archive = try TensorArchive(file: url)
      let sentence = failure(.badData) {
        try archive.check(expected: [("w", [1, 2])], allowingInt8: { _ in true })
      }
      #expect(sentence.contains("w_scale [1, 1]"), "\(sentence)")
      #expect(failure(.badData) { _ = try archive.floats("w") }.contains("I8"))
    }
  }
}
