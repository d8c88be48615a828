import Checkpoints
import Failures
import Foundation
import Manipulation
import TensorMath
import Testing
import VLAPolicy

/// Weights that are no numbers: an answer that looks like one would be a lie.
@Suite struct NotFiniteTests {
  private static let layerWeight = [
    "openvla": "language_model.model.layers.1.mlp.up_proj.weight",
    "cogact": "llm_backbone.llm.model.layers.1.mlp.up_proj.weight",
  ]

  @Test(
    "one NaN in a layer is an error of every answer, in every type of products",
    arguments: ["openvla", "cogact"], Precision.allCases)
  func weight(fixture: String, precision: Precision) throws {
    let folder = fixture == "openvla" ? "published/openvla" : fixture
    let copy = try FolderCopy(of: folder)
    // NaN in both types: a bfloat16 of 0xFFFF, a single of 0xFFFFFFFF.
    try copy.fill(try #require(Self.layerWeight[fixture]), elements: 1, with: 0xFF)
    let reference = try Reference(folder)
    let network = try VLANetwork(checkpoint: copy.url, precision: precision)
    let policy = try LayerSkippingPolicy(
      network: network, method: LayerMethod("dense", keep: 1, depth: network.decoder.depth),
      unnormKey: reference.query.unnormKey)
    let query = PolicyQuery(
      observation: Observation(images: [network.configuration.image.camera: reference.picture]),
      instruction: reference.query.instruction, step: 0, seed: 1)
    var trace = Trace(recording: true)
    #expect(throws: PolicyError.answerNotFinite(wanted: "actions")) {
      try policy.predict(query, trace: &trace)
    }
    #expect(trace["layers.0"]?.values.allSatisfy(\.isFinite) == true)
    #expect(trace["layers.1"]?.values.allSatisfy(\.isFinite) == false)
    #expect(throws: PolicyError.answerNotFinite(wanted: "actions")) {
      try policy.predict([query, query])[1].get()
    }
  }

  @Test("statistics that would stretch an action to infinity are refused")
  func statistics() throws {
    let copy = try FolderCopy(of: "cogact")
    let quantiles = [1, 1, 1, 1, 1, 1, 1e300]
    try copy.set("synthetic.action.q99", in: "dataset_statistics.json", to: quantiles)
    let error = #expect(throws: PolicyError.self) {
      try VLANetwork(checkpoint: copy.url).actionStatistics(key: "synthetic")
    }
    #expect(error?.description.contains("synthetic") == true)
    #expect(error?.kind == .badData)
  }

  @Test("weights of 64 bits answer as the same in 32 bits do", arguments: Precision.allCases)
  func doubles(precision: Precision) throws {
    let copy = try FolderCopy(of: "published/timm")
    let archive = try TensorArchive(file: copy.url.appending(path: "model.safetensors"))
    let tensors = try archive.names.map { name in
      (name, try archive.shape(of: name), try archive.floats(name))
    }
    let picture = try Reference("cogact").picture
    func features(_ type: ElementType) throws -> [Float] {
      try copy.remove("model.safetensors")
      let writer = try SafetensorsWriter(
        to: copy.url.appending(path: "model.safetensors"),
        declarations: tensors.map {
          TensorDeclaration(name: $0.0, shape: $0.1, elementType: type)
        })
      for (name, shape, values) in tensors { try writer.add(name, shape: shape, values) }
      try writer.finish()
      let model = try VisionModel(CheckpointFolder(copy.url), precision: precision)
      var (meter, trace) = (ComputeMeter(), Trace(recording: false))
      return model(picture, meter: &meter, trace: &trace).elements
    }
    #expect(try features(.float64) == features(.float32))
  }

  @Test(
    "scales that are negative or no numbers are refused by their name",
    arguments: [-1, .nan, .infinity] as [Float])
  func scales(value: Float) throws {
    let copy = try FolderCopy(of: "published/llama")
    let out = copy.url.appending(path: "int8")
    _ = try QuantizedCheckpoint.write(copy.url, to: out)
    let name = "model.layers.1.mlp.up_proj.weight_scale"
    try FolderCopy.overwrite(
      name, in: out.appending(path: "model.safetensors"),
      with: withUnsafeBytes(of: value.bitPattern.littleEndian) { [UInt8]($0) })
    let error = #expect(throws: CheckpointError.self) { try LanguageModel(CheckpointFolder(out)) }
    #expect(error?.description.contains(name) == true, "\(String(describing: error))")
  }
}

extension FolderCopy {
  /// Overwrites the first elements of a tensor in whichever safetensors file holds it.
  fileprivate func fill(_ name: String, elements: Int, with byte: UInt8) throws {
    let files = try FileManager.default.contentsOfDirectory(
      at: url, includingPropertiesForKeys: nil
    ).filter { $0.lastPathComponent.hasPrefix("model") && $0.pathExtension == "safetensors" }
    let holders = try files.filter { try TensorArchive(file: $0).contains(name) }
    let file = try #require(holders.first)
    let width = try TensorArchive(file: file).elementType(of: name).byteCount
    try FolderCopy.overwrite(
      name, in: file, with: [UInt8](repeating: byte, count: elements * width))
  }

  /// Overwrites the first bytes of a tensor.
  fileprivate static func overwrite(_ name: String, in file: URL, with bytes: [UInt8]) throws {
    var data = try Data(contentsOf: file)
    let headerLength = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONSerialization.jsonObject(with: data.dropFirst(8).prefix(headerLength))
    let entry = try #require((header as? [String: Any])?[name] as? [String: Any])
    let offsets = try #require(entry["data_offsets"] as? [Int])
    let start = 8 + headerLength + offsets[0]
    data.replaceSubrange(start..<start + bytes.count, with: bytes)
    try data.write(to: file)
  }
}
