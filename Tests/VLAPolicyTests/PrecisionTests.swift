import Checkpoints
import Foundation
import Images
import Manipulation
import TensorMath
import Testing
import VLAPolicy

/// Products in bfloat16 and bytes, on weights that are stored in bfloat16.
@Suite struct PrecisionTests {
  @Test(
    "stages in bfloat16 are no further from float32 than PyTorch's own bfloat16",
    .enabled(if: Precision.bfloat16.isNative),
    arguments: [("openvla", []), ("cogact", ["image.size=28"])])
  func policy(name: String, settings: [String]) throws {
    let reference = try Reference("published/\(name)")
    let exact = try stages(of: reference, settings: settings, in: .float32)
    let found = try stages(of: reference, settings: settings, in: .bfloat16)
    try compare(found, exact, "published/\(name)")
  }

  @Test(
    "a language model in bfloat16 is no further from float32 than PyTorch's own bfloat16",
    .enabled(if: Precision.bfloat16.isNative))
  func languageModel() throws {
    let url = try fixture("published/llama")
    let text = try String(contentsOf: url.appending(path: "text.txt"), encoding: .utf8)
    func stages(in precision: Precision?) throws -> Trace {
      let model = try LanguageModel(try CheckpointFolder(url), precision: precision)
      let method = try LayerMethod("dense", keep: 1, depth: model.decoder.depth)
      var (meter, trace) = (ComputeMeter(), Trace(recording: true))
      _ = model.run(
        try model.ids(of: text), selection: try model.selection(for: method, calibratingOn: text),
        seed: 1, meter: &meter, trace: &trace)
      return trace
    }
    // What suits weights of bfloat16 is bfloat16.
    try compare(stages(in: nil), stages(in: .float32), "published/llama")
  }

  @Test(
    "bytes cost a few per cent of a stage, and the choice of layers stays",
    .enabled(if: Precision.int8.isNative))
  func bytes() throws {
    let reference = try Reference("published/cogact")
    let settings = ["image.size=28"]
    let exact = try stages(of: reference, settings: settings, in: .float32, method: "mole")
    let found = try stages(of: reference, settings: settings, in: .int8, method: "mole")
    #expect(found["layer_mask"]?.values == exact["layer_mask"]?.values)
    for name in ["projected", "hidden"] {
      let error = try difference(found, exact, name)
      #expect(error > 1e-4 && error < 0.05, "\(name): \(error)")
    }
  }

  @Test(
    "a quantized checkpoint answers as products of bytes on the original do, bit for bit",
    .enabled(if: Precision.int8.isNative))
  func quantized() throws {
    let reference = try Reference("published/cogact")
    let settings = ["image.size=28"]
    let out = FileManager.default.temporaryDirectory.appending(path: "mole-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: out) }
    let summary = try QuantizedCheckpoint.write(reference.folder, to: out)
    #expect(summary.parts.allSatisfy { $0.tensorCount > 0 && $0.largestError < 0.02 })
    for method in ["dense", "mole"] {
      let found = try stages(in: out, of: reference, settings: settings, method: method)
      let expected = try stages(of: reference, settings: settings, in: .int8, method: method)
      #expect(found.stages.count > 10)
      for stage in expected.stages {
        let same = found[stage.name]?.values == stage.values
        #expect(same, "\(method): \(stage.name)")
      }
    }
  }

  @Test("every layer kept equals the dense policy bit for bit", arguments: Precision.allCases)
  func dense(precision: Precision) throws {
    let reference = try Reference("published/cogact")
    let settings = ["image.size=28", "router.input=embeddings"]
    let dense = try stages(of: reference, settings: settings, in: precision)
    let kept = try stages(of: reference, settings: settings, in: precision, method: "mole:1.0")
    #expect(
      kept["normalized_actions"]?.values == dense["normalized_actions"]?.values)
  }

  private func stages(
    of reference: Reference, settings: [String], in precision: Precision, method: String = "dense"
  ) throws -> Trace {
    try stages(
      in: reference.folder, of: reference, settings: settings, precision: precision,
      method: method)
  }

  private func stages(
    in folder: URL, of reference: Reference, settings: [String], precision: Precision? = nil,
    method: String
  ) throws -> Trace {
    let network = try VLANetwork(checkpoint: folder, precision: precision, settings: settings)
    let method = try LayerMethod(method, keep: 0.5, depth: network.decoder.depth)
    var (meter, traces) = (ComputeMeter(), [Trace(recording: true)])
    let input = ForwardInput(
      picture: reference.picture,
      promptIDs: try network.promptIDs(reference.query.instruction), seed: 1)
    _ = network.forward(
      [input], selection: try network.selection(for: method, calibration: Calibration()),
      meter: &meter, traces: &traces)
    return traces[0]
  }

  private func compare(_ found: Trace, _ exact: Trace, _ folder: String) throws {
    let errors = try JSONFile.decode(
      [String: Double].self, from: try fixture("\(folder)/bf16-errors.json"))
    #expect(errors.count > 4)
    for (name, theirs) in errors {
      let ours = try difference(found, exact, name)
      #expect(ours <= theirs, "\(name): \(ours), PyTorch \(theirs)")
      #expect(ours > 0, "\(name) is not in bfloat16")
    }
  }

  /// The norm of the difference, as a share of the norm.
  private func difference(_ found: Trace, _ exact: Trace, _ name: String) throws -> Double {
    let (a, b) = (try #require(found[name]).values, try #require(exact[name]).values)
    func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    return norm(zip(a, b).map { Double($0 - $1) }) / norm(b.map(Double.init))
  }
}
