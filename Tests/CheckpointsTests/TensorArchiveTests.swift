import Checkpoints
import Failures
import Foundation
import Testing

/// What Python read from the same files.
struct ExpectedTensor: Decodable {
  var shape: [Int]
  var values: [Double]

  static func all() throws -> [String: ExpectedTensor] {
    try JSONFile.decode([String: ExpectedTensor].self, from: fixture("Tensors/expected.json"))
  }
}

@Suite struct TensorArchiveTests {
  private func compare(_ archive: TensorArchive) throws {
    let expected = try ExpectedTensor.all()
    #expect(Set(archive.names) == Set(expected.keys))
    for (name, tensor) in expected {
      #expect(try archive.shape(of: name) == tensor.shape)
      if try archive.elementType(of: name).isFloatingPoint {
        let floats = try archive.floats(name, shape: tensor.shape)
        #expect(floats.map(\.bitPattern) == tensor.values.map { Float($0).bitPattern }, "\(name)")
      } else {
        #expect(try archive.integers(name) == tensor.values.map { Int($0) }, "\(name)")
      }
    }
  }

  @Test("a file by Python's library is read with every element type, bit for bit")
  func everyType() throws {
    let archive = try TensorArchive(file: fixture("Tensors/all-types.safetensors"))
    try compare(archive)
    #expect(archive.metadata == ["format": "pt", "note": "größe"])
    #expect(try archive.elementType(of: "bf16") == .bfloat16)
  }

  @Test("shards and their index read like one file")
  func shards() throws {
    try compare(TensorArchive(checkpointDirectory: fixture("Tensors/sharded")))
  }

  @Test("bytes are lent where they lie")
  func bytesInPlace() throws {
    let archive = try TensorArchive(file: fixture("Tensors/small.safetensors"))
    let bytes = try archive.withBytes("b") { span in
      (0..<span.byteCount).map { span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }
    #expect(bytes == [0, 1, 2])
  }

  @Test("a missing tensor, a wrong shape and a wrong type are told by name")
  func wrongRequests() throws {
    let archive = try TensorArchive(file: fixture("Tensors/small.safetensors"))
    #expect(failure(.badData) { _ = try archive.floats("c") }.contains("no tensor 'c'"))
    #expect(failure(.badData) { _ = try archive.shape(of: "c") }.contains("'c'"))
    let shape = failure(.badData) { _ = try archive.floats("a", shape: [2, 2]) }
    #expect(shape.contains("shape [4], but [2, 2] was expected"))
    #expect(failure(.badData) { _ = try archive.floats("b") }.contains("U8"))
    #expect(failure(.badData) { _ = try archive.integers("a") }.contains("F32"))
  }

  @Test("all differences from the expected tensors are listed at once")
  func differences() throws {
    let archive = try TensorArchive(file: fixture("Tensors/small.safetensors"))
    try archive.check(expected: [("a", [4])], allowingExtra: { $0 == "b" })
    let sentence = failure(.badData) {
      try archive.check(expected: [("a", [5]), ("x", [1, 2]), ("y", [])])
    }
    let facts = ["2 missing", "x [1, 2]", "y []", "a: expected [5], found [4]", "1 not asked for"]
    for part in facts {
      #expect(sentence.contains(part), "\(sentence)")
    }
    let type = failure(.badData) { try archive.check(expected: [("a", [4]), ("b", [3])]) }
    #expect(type.contains("b: expected floating-point, found U8"), "\(type)")
    let many = failure(.badData) {
      try archive.check(expected: (0..<50).map { ("layer.\($0)", [1]) })
    }
    #expect(many.contains("and 30 more") && !many.contains("layer.20 "))
  }

  @Test("a folder without weights and a path that is not there are missing input")
  func missingInput() throws {
    try withTemporaryFolder { folder in
      failure(.missingInput) { _ = try TensorArchive(checkpointDirectory: folder) }
      let nowhere = folder.appendingPathComponent("nowhere")
      failure(.missingInput) { _ = try TensorArchive(checkpointDirectory: nowhere) }
      failure(.missingInput) { _ = try TensorArchive(file: nowhere) }
      failure(.missingInput) { _ = try TensorArchive(file: folder) }
    }
  }

  @Test("a file of 8 GB opens at once, because only its header is read")
  func hugeFile() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("huge.safetensors")
      let side = 46_341 * 46_341
      let header = #"{"w":{"dtype":"F32","shape":[\#(side)],"data_offsets":[0,\#(side * 4)]}}"#
      try HostileTensors.file(header: header, dataByteCount: 0).write(to: url)
      let handle = try FileHandle(forWritingTo: url)
      try handle.truncate(atOffset: UInt64(8 + header.utf8.count + side * 4))
      try handle.close()
      let clock = ContinuousClock()
      let start = clock.now
      #expect(try TensorArchive(file: url).shape(of: "w") == [side])
      #expect(clock.now - start < .milliseconds(500))
    }
  }
}
