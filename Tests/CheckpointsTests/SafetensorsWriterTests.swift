import Checkpoints
import Failures
import Foundation
import Testing

@Suite struct SafetensorsWriterTests {
  private func declarations(_ archive: TensorArchive) throws -> [TensorDeclaration] {
    try archive.names.map {
      try TensorDeclaration(
        name: $0, shape: archive.shape(of: $0), elementType: archive.elementType(of: $0))
    }
  }

  private func expectEqual(_ a: TensorArchive, _ b: TensorArchive) throws {
    #expect(a.names == b.names)
    for name in a.names {
      #expect(try a.shape(of: name) == b.shape(of: name))
      #expect(try a.elementType(of: name) == b.elementType(of: name))
      let bytes = try [a, b].map { archive in
        try archive.withBytes(name) { span in
          (0..<span.byteCount).map { span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
        }
      }
      #expect(bytes[0] == bytes[1], "\(name)")
    }
  }

  private func copy(_ source: TensorArchive, to folder: URL, shardByteCount: Int) throws {
    let writer = try CheckpointWriter(
      directory: folder, declarations: declarations(source),
      maximumShardByteCount: shardByteCount, metadata: ["format": "pt"])
    for name in source.names {
      let shape = try source.shape(of: name)
      if try source.elementType(of: name).isFloatingPoint {
        try writer.add(name, shape: shape, source.floats(name))
      } else {
        try writer.add(name, shape: shape, integers: source.integers(name))
      }
    }
    try writer.finish()
  }

  @Test("what is written reads back with the same bytes, every element type")
  func roundTrip() throws {
    // Single precision cannot carry the doubles of the Python file.
    let all = try TensorArchive(file: fixture("Tensors/all-types.safetensors"))
    try withTemporaryFolder { folder in
      try copy(all, to: folder, shardByteCount: .max)
      let first = try TensorArchive(checkpointDirectory: folder)
      try withTemporaryFolder { second in
        try copy(first, to: second, shardByteCount: .max)
        try expectEqual(first, TensorArchive(checkpointDirectory: second))
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
      if let keep = ProcessInfo.processInfo.environment["MOLE_KEEP_TENSORS"] {
        // For `Scripts/fixtures/tensor_files.py check`.
        try? FileManager.default.removeItem(atPath: keep)
        try FileManager.default.copyItem(atPath: folder.path, toPath: keep)
      }
    }
  }

  @Test("a small file has the very bytes that Python's library writes")
  func sameBytesAsPython() throws {
    let expected = try Data(contentsOf: fixture("Tensors/small.safetensors"))
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("small.safetensors")
      let writer = try SafetensorsWriter(
        to: url,
        declarations: [
          .init(name: "b", shape: [3], elementType: .uint8), .init(name: "a", shape: [4]),
        ])
      try writer.add("b", shape: [3], integers: [0, 1, 2])
      try writer.add("a", shape: [4], [0, 1, 2, 3])
      try writer.finish()
      #expect(try Data(contentsOf: url) == expected)
    }
  }

  @Test("singles are rounded to bf16 and f16 as PyTorch does, ties to even")
  func rounding() throws {
    let torch = try TensorArchive(file: fixture("Tensors/rounding.safetensors"))
    let values = try torch.floats("single")
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("r.safetensors")
      let types: [(String, ElementType)] = [
        ("single", .float32), ("bfloat16", .bfloat16), ("float16", .float16),
      ]
      let writer = try SafetensorsWriter(
        to: url,
        declarations: types.map { .init(name: $0.0, shape: [values.count], elementType: $0.1) })
      for (name, _) in types { try writer.add(name, shape: [values.count], values) }
      try writer.finish()
      try expectEqual(TensorArchive(file: url), torch)
    }
  }

  @Test("a NaN stays a NaN in bf16")
  func notANumber() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("n.safetensors")
      let writer = try SafetensorsWriter(
        to: url, declarations: [.init(name: "n", shape: [2], elementType: .bfloat16)])
      try writer.add("n", shape: [2], [Float(bitPattern: 0x7F80_0001), .infinity])
      try writer.finish()
      let values = try TensorArchive(file: url).floats("n")
      #expect(values[0].isNaN && values[1] == .infinity)
    }
  }

  @Test("a large checkpoint is cut into shards with an index, in order")
  func shards() throws {
    try withTemporaryFolder { folder in
      let names = (0..<5).map { "layer.\($0)" }
      let writer = try CheckpointWriter(
        directory: folder, declarations: names.map { .init(name: $0, shape: [10]) },
        maximumShardByteCount: 80)
      for (i, name) in names.enumerated().reversed() {
        try writer.add(name, shape: [10], [Float](repeating: Float(i), count: 10))
      }
      try writer.finish()
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
          "model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors",
          "model-00003-of-00003.safetensors", "model.safetensors.index.json",
        ])
      let archive = try TensorArchive(checkpointDirectory: folder)
      #expect(archive.names == names)
      #expect(archive.byteCount == 200)
      #expect(try archive.floats("layer.3") == [Float](repeating: 3, count: 10))
    }
  }

  @Test("a writer that never finishes leaves nothing behind")
  func unfinished() throws {
    try withTemporaryFolder { folder in
      do {
        let writer = try CheckpointWriter(
          directory: folder, declarations: [.init(name: "a", shape: [2])])
        try writer.add("a", shape: [2], [1, 2])
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names == ["model.safetensors.partial"])
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test("a folder that is not there cannot be written to")
  func cannotWrite() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("nowhere/model.safetensors")
      failure(.cannotWrite) { try SafetensorsWriter.write([("a", [1], [1])], to: url) }
    }
  }
}
