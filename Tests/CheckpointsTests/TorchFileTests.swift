import Checkpoints
import Failures
import Foundation
import Testing

/// Files that PyTorch itself wrote (`Scripts/fixtures/torch_files.py`).
@Suite struct TorchFileTests {
  @Test("a .pt by torch.save is read with every element type and view, bit for bit")
  func everyTensor() throws {
    let expected = try JSONFile.decode(
      [String: ExpectedTensor].self, from: fixture("Torch/expected.json"))
    let archive = try TensorArchive(file: fixture("Torch/state.pt"))
    #expect(Set(archive.names) == Set(expected.keys))
    for (name, tensor) in expected {
      #expect(try archive.shape(of: name) == tensor.shape, "\(name)")
      if try archive.elementType(of: name).isFloatingPoint {
        let floats = try archive.floats(name, shape: tensor.shape)
        #expect(floats.map(\.bitPattern) == tensor.values.map { Float($0).bitPattern }, "\(name)")
      } else {
        #expect(try archive.integers(name) == tensor.values.map { Int($0) }, "\(name)")
      }
    }
    #expect(try archive.elementType(of: "types.bf16") == .bfloat16)
    #expect(try archive.elementType(of: "types.bool") == .bool)
  }

  @Test("tied tensors are two names of the same bytes")
  func tied() throws {
    let archive = try TensorArchive(file: fixture("Torch/state.pt"))
    func bytes(_ name: String) throws -> [UInt8] {
      try archive.withBytes(name) { span in
        (0..<span.byteCount).map { span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
      }
    }
    #expect(try bytes("tied.first") == bytes("tied.second"))
    #expect(try Array(bytes("tied.first").dropFirst(4)) == bytes("tied.reversed_roles"))
  }

  @Test("the level 'model' or 'state_dict' is left out of the names; dotted names stay")
  func names() throws {
    #expect(try TensorArchive(file: fixture("Torch/state_dict.pt")).names == ["a"])
    #expect(try TensorArchive(file: fixture("Torch/flat.pt")).names == ["model.a"])
  }

  @Test("a folder is opened by its one .pt, as CogACT is published, or by the file's own path")
  func folders() throws {
    let published = try fixture("Torch/published")
    for path in ["", "checkpoints", "checkpoints/CogACT-Tiny.pt"] {
      let archive = try TensorArchive(checkpointDirectory: published.appendingPathComponent(path))
      #expect(try archive.floats("projector.weight", shape: [2, 2]) == [1, 0, 0, 1])
    }
    let sentence = failure(.badData) {
      _ = try TensorArchive(checkpointDirectory: fixture("Torch"))
    }
    #expect(sentence.contains("several checkpoints ('flat.pt', "), "\(sentence)")
    try withTemporaryFolder { folder in
      let plain = folder.appendingPathComponent("weights")
      try FileManager.default.copyItem(at: fixture("Torch/flat.pt"), to: plain)
      #expect(try TensorArchive(file: plain).names == ["model.a"])
    }
  }

  @Test(
    "what is not read is refused in one sentence that says which tensor and what to do",
    arguments: [
      ("transposed", ["'part.transposed'", "contiguous()"]),
      ("columns", ["'part.columns'", "contiguous()"]),
      ("expanded", ["'part.expanded'", "contiguous()"]),
      ("sparse", ["'part.sparse'", "to_dense()"]),
      ("complex", ["'part.complex'", "view_as_real"]),
      ("quantized", ["'part.quantized'", "dequantize()"]),
      ("float8", ["'part.float8'", "torch.float8_e4m3fn", "float()"]),
      ("unsigned", ["'part.unsigned'", "torch.uint16"]),
      ("meta", ["'part.meta'", "no values"]),
      ("key", ["neither text nor a number"]),
      ("twice", ["two tensors 'a.b'"]),
      ("no-tensor", ["no tensor"]),
      ("no-dictionary", ["dictionary"]),
      ("module", ["torch.nn.modules.linear.Linear", "state_dict()"]),
      ("evil", ["__builtin__.print", "nothing was run"]),
      ("old", ["before PyTorch 1.6", "torch.save"]),
      ("tar", ["before PyTorch 1.6"]),
      ("script", ["TorchScript"]),
    ])
  func refused(name: String, facts: [String]) throws {
    let sentence = failure(.badData) {
      _ = try TensorArchive(file: fixture("Torch/refused-\(name).pt"))
    }
    #expect(!sentence.contains("\n") && sentence.hasSuffix("."), "\(sentence)")
    for fact in facts { #expect(sentence.contains(fact), "\(sentence)") }
  }

  @Test("released pages come back from the file")
  func releasedPages() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("model.safetensors")
      let values = (0..<50_000).map { Float($0) }
      try SafetensorsWriter.write([("a", [3], [1, 2, 3]), ("b", [50_000], values)], to: url)
      let archive = try TensorArchive(file: url)
      #expect(try archive.floats("b") == values)
      for name in ["a", "b"] { try archive.releasePages(of: name) }
      #expect(try archive.floats("b") == values)
      #expect(try archive.floats("a") == [1, 2, 3])
      failure(.badData) { try archive.releasePages(of: "c") }
    }
  }
}
