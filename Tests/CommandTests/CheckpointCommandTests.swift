import Checkpoints
import Foundation
import Testing

@Suite("mole checkpoint")
struct CheckpointCommandTests {
  @Test("init makes the same bytes from the same seed, and others from another")
  func initialize() throws {
    try withWorkplace { place in
      for (seed, folder) in [("7", "a"), ("7", "b"), ("8", "c")] {
        let output = try place.expectFine(
          ["checkpoint", "init", "--preset", "tiny", "--seed", seed, "-o", folder])
        #expect(output == "\(folder)\n")
      }
      for file in ["config.json", "model.safetensors", "tokenizer.json", "dataset_statistics.json"]
      {
        let (a, b) = (place.url("a/\(file)"), place.url("b/\(file)"))
        #expect(try Data(contentsOf: a) == Data(contentsOf: b))
      }
      let (a, c) = (place.url("a/model.safetensors"), place.url("c/model.safetensors"))
      #expect(try Data(contentsOf: a) != Data(contentsOf: c))
      try place.expectRefusal(
        ["checkpoint", "init", "--preset", "tiny", "-o", "a"], exitCode: 73,
        containing: "exists already", "a folder that is there")
    }
  }

  @Test("init stores weights as it is told, and takes statistics over")
  func initializeWithOptions() throws {
    try withWorkplace { place in
      try place.expectFine(["demos", "inspect", "close_jar.hdf5", "--statistics", "s.json"])
      try place.expectFine([
        "checkpoint", "init", "--preset", "tiny", "--dtype", "bf16", "--statistics", "s.json",
        "-o", "half",
      ])
      let archive = try TensorArchive(checkpointDirectory: place.url("half"))
      #expect(try archive.names.allSatisfy { try archive.elementType(of: $0) == .bfloat16 })
      let taken = try String(
        contentsOf: place.url("half/dataset_statistics.json"), encoding: .utf8)
      #expect(taken.contains("\"close_jar\""))
    }
  }

  @Test("inspect counts the fixture's parameters and MACs, part by part")
  func inspect() throws {
    try withWorkplace { place in
      let output = try place.expectFine(
        ["checkpoint", "inspect", place.checkpoint, "--format", "csv", "--text-tokens", "34"])
      let lines = output.split(whereSeparator: \.isNewline)
      #expect(lines.first == "part,tensors,parameters,mega_macs")
      // Six layers of 4 d^2 + 3 d f + 2 d with d = 64, f = 96, the last norm and 384
      // embeddings: 6 * 34944 + 64 + 384 * 64.
      #expect(lines.contains("language_layers,56,234304,12.3648"))
      #expect(lines.last == "total,191,352097,23.38736")
      let tensors = try place.expectFine(["checkpoint", "inspect", place.checkpoint, "--tensors"])
      #expect(tensors.contains("self_attn.q_proj.weight"))
    }
  }

  @Test("quantize makes a checkpoint of int8 weights that is a checkpoint like any other")
  func quantize() throws {
    try withWorkplace { place in
      try place.expectFine(["checkpoint", "init", "--preset", "nano", "--dtype", "bf16", "-o", "a"])
      let table = try place.expectFine(
        ["checkpoint", "quantize", "a", "-o", "b", "--format", "csv"])
      let lines = table.split(whereSeparator: \.isNewline)
      #expect(lines.first == "part,tensors,bytes_before,bytes_after,largest_relative_error,weight")
      #expect(lines.last?.hasPrefix("total,") == true)
      for file in ["config.json", "tokenizer.json", "dataset_statistics.json"] {
        let (a, b) = (place.url("a/\(file)"), place.url("b/\(file)"))
        #expect(try Data(contentsOf: a) == Data(contentsOf: b))
      }
      let before = try TensorArchive(checkpointDirectory: place.url("a"))
      let after = try TensorArchive(checkpointDirectory: place.url("b"))
      let name = "llm_backbone.llm.model.layers.3.mlp.up_proj.weight"
      #expect(try after.elementType(of: name) == .int8)
      let error = try Self.relativeError(after.floats(name), before.floats(name))
      #expect(error > 0 && error <= 0.50001 / 127, "\(error)")
      let embedding = "llm_backbone.llm.model.embed_tokens.weight"
      #expect(try after.elementType(of: embedding) == .bfloat16)
      #expect(try after.floats(embedding) == before.floats(embedding))
      try place.expectFine(["checkpoint", "inspect", "b"])
      try place.expectRefusal(
        ["checkpoint", "quantize", "b", "-o", "c"], exitCode: 65,
        containing: "quantized already", "what is quantized")
      try place.expectRefusal(
        ["checkpoint", "quantize", "a", "-o", "b"], exitCode: 73, containing: "exists already",
        "a folder that is there")
    }
  }

  @Test("tokenize gives SentencePiece's own numbers")
  func tokenize() throws {
    try withWorkplace { place in
      try FileManager.default.createDirectory(
        at: place.url("words"), withIntermediateDirectories: false)
      try place.copyFixture(
        "CheckpointsTests/Fixtures/Tokenizers/bpe-llama.model", as: "words/tokenizer.model")
      let plain = try place.expectFine(
        ["checkpoint", "tokenize", "words", "--text", "  a  ", "--no-beginning"])
      let ids = plain.split(separator: "\n").map { $0.prefix { $0 != "\t" } }
      #expect(ids == ["542", "542", "542", "547", "542", "542"])
      let json = try place.expectFine(
        ["checkpoint", "tokenize", "words", "--text", "a b", "--json"])
      let object = try JSONDecoder().decode(Tokens.self, from: Data(json.utf8))
      #expect(object.ids == [1, 542, 547, 428])
      #expect(object.text == "a b")
      #expect(object.pieces.first == "<s>")
    }
  }

  private struct Tokens: Decodable {
    var ids: [Int]
    var pieces: [String]
    var text: String
  }

  /// A token head draws nothing, so that the whole way from picture and words to the action can be
  /// held against PyTorch.
  @Test(
    "trace writes the stages that PyTorch has",
    arguments: [("dense", "dense"), ("mole:3", "mole"), ("truncate:3", "truncate-3")])
  func trace(method: String, reference: String) throws {
    try withWorkplace { place in
      let folder = Workplace.fixture("VLAPolicyTests/Fixtures/openvla")
      let query = try JSONDecoder().decode(
        Query.self, from: Data(contentsOf: folder.appendingPathComponent("query.json")))
      let output = try place.expectFine([
        "checkpoint", "trace", folder.path, "--image", folder.path + "/image.png",
        "--instruction", query.instruction, "--unnorm-key", query.unnormKey,
        "--method", method, "-o", "t.safetensors",
      ])
      let ours = try TensorArchive(file: place.url("t.safetensors"))
      let theirs = try TensorArchive(
        file: folder.appendingPathComponent("trace-\(reference).safetensors"))
      let common = ours.names.filter(theirs.contains)
      #expect(common.count >= 10)
      for name in common {
        let error = try Self.relativeError(Self.numbers(name, ours), Self.numbers(name, theirs))
        #expect(error <= 1e-5, "\(name): \(error)")
      }
      let printed = output.split { " \n".contains($0) }.compactMap { Float($0) }
      #expect(printed == (try ours.floats("actions")).prefix(7).map { $0 })
    }
  }

  private struct Query: Decodable {
    var instruction: String
    var unnormKey: String

    private enum CodingKeys: String, CodingKey {
      case instruction
      case unnormKey = "unnorm_key"
    }
  }

  private static func numbers(_ name: String, _ archive: TensorArchive) throws -> [Float] {
    try archive.elementType(of: name).isFloatingPoint
      ? archive.floats(name) : archive.integers(name).map(Float.init)
  }

  private static func relativeError(_ values: [Float], _ reference: [Float]) -> Float {
    guard values.count == reference.count else { return .infinity }
    let scale = reference.reduce(Float.leastNormalMagnitude) { max($0, abs($1)) }
    return zip(values, reference).reduce(0) { max($0, abs($1.0 - $1.1)) } / scale
  }
}
