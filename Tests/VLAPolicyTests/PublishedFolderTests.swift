import Checkpoints
import Foundation
import Images
import Manipulation
import TensorMath
import Testing
import VLAPolicy

/// Folders as others publish them, each stage within 1e-5 of transformers, timm and PyTorch
/// (`Scripts/fixtures/published.py`).
@Suite struct PublishedFolderTests {
  static let tolerance: Float = 1e-5

  @Test(
    "OpenVLA's folder gives PyTorch's stages, greedy tokens and actions",
    arguments: [("dense", "dense"), ("truncate-2", "truncate:2")])
  func openVLA(trace: String, method: String) throws {
    try comparePolicy("published/openvla", settings: [], trace: trace, method: method)
  }

  @Test(
    "CogACT's .pt gives PyTorch's stages and the actions of the same noise",
    arguments: [("dense", "dense"), ("mole-public", "mole")])
  func cogACT(trace: String, method: String) throws {
    try comparePolicy(
      "published/cogact", settings: ["image.size=28"], trace: trace, method: method)
  }

  @Test("what OpenVLA's folder does not say is transformers' default; processor's means count")
  func openVLADetails() throws {
    let folder = try CheckpointFolder(try fixture("published/openvla"))
    let configuration = try folder.policy()
    #expect(configuration.language.rmsNormEpsilon == 1e-6)
    #expect(configuration.towers[0].mean == [0.484375, 0.455078125, 0.40625])
    let origins = Dictionary(
      uniqueKeysWithValues: try folder.details().map { ($0.path, $0.origin.description) })
    #expect(origins["language.rms_norm_epsilon"] == "default of LlamaConfig")
    #expect(origins["language.width"] == "config.json: text_config.hidden_size")
    #expect(origins["towers.0.mean"] == "preprocessor_config.json: means")
    #expect(
      origins["towers.1.width"] == "tensor vision_backbone.fused_featurizer.patch_embed.proj.weight"
    )
    #expect(origins["prompt.suffix_ids"] == "tokenizer")
    #expect(try folder.statistics().byDataset.keys.sorted() == ["other", "synthetic"])
  }

  @Test("without preprocessor_config.json the means are timm's, and bf16 rounds them as published")
  func roundedStatistics() throws {
    let copy = try FolderCopy(of: "published/openvla")
    try copy.remove("preprocessor_config.json")
    let exact = try CheckpointFolder(copy.url).policy()
    #expect(exact.towers[0].mean == [0.485, 0.456, 0.406])
    let rounded = try CheckpointFolder(copy.url, settings: ["image.statistics=bf16"]).policy()
    #expect(rounded.image.statistics(exact.towers[0].mean) == [0.484375, 0.455078125, 0.40625])
    #expect(
      rounded.image.statistics(exact.towers[0].std) == [0.228515625, 0.2236328125, 0.224609375])
  }

  @Test(
    "a Llama gives transformers' states and scores",
    arguments: [("dense", "dense"), ("truncate-2", "truncate:2")])
  func llama(trace: String, method: String) throws {
    let url = try fixture("published/llama")
    let model = try LanguageModel(try CheckpointFolder(url), precision: .float32)
    let text = try String(contentsOf: url.appending(path: "text.txt"), encoding: .utf8)
    let method = try LayerMethod(method, keep: 1, depth: model.decoder.depth)
    var (meter, stages) = (ComputeMeter(), Trace(recording: true))
    let result = model.run(
      try model.ids(of: text), selection: try model.selection(for: method, calibratingOn: text),
      seed: 1, meter: &meter, trace: &stages)
    let expected = try TensorArchive(file: url.appending(path: "trace-\(trace).safetensors"))
    try compare(stages, expected, atLeast: expected.names.count)
    if trace == "dense" {
      let last = try expected.matrix("logits").row(result.logits.rows - 1)
      let best = last.indices.max { last[$0] < last[$1] }
      #expect(model.likeliest(1, after: result.logits).first?.id == best)
    }
  }

  @Test("static layers of a language model are calibrated on the text; a router is missed by name")
  func languageModelMethods() throws {
    let model = try LanguageModel(try CheckpointFolder(try fixture("published/llama")))
    let method = try LayerMethod("static:1", keep: 1, depth: 3)
    let selection = try model.selection(for: method, calibratingOn: "open the drawer")
    var (meter, stages) = (ComputeMeter(), Trace(recording: false))
    let result = model.run(
      try model.ids(of: "open the drawer"), selection: selection, seed: 0, meter: &meter,
      trace: &stages)
    #expect(result.mask.shares.reduce(0, +) == 1)
    #expect(throws: PolicyError.missingPart(method: "mole", part: "a STAR router")) {
      try model.selection(for: LayerMethod("mole", keep: 1, depth: 3), calibratingOn: "a")
    }
  }

  @Test(
    "a tower's positions are resampled to the picture's grid as timm does",
    arguments: [35, 21, 49])
  func tower(size: Int) throws {
    let url = try fixture("published/timm")
    let model = try VisionModel(
      try CheckpointFolder(url, settings: size == 35 ? [] : ["image.size=\(size)"]))
    var (meter, stages) = (ComputeMeter(), Trace(recording: true))
    let picture = try PNGFile.read(url.appending(path: "image.png"))
    _ = model(picture, meter: &meter, trace: &stages)
    let expected = try TensorArchive(file: url.appending(path: "trace-\(size).safetensors"))
    try compare(stages, expected, atLeast: expected.names.count)
    #expect(
      meter.samples[0].executed.total
        == model.configuration.partCosts(textTokenCount: 1)[0].multiplyAccumulates)
  }

  private func comparePolicy(
    _ name: String, settings: [String], trace: String, method: String
  ) throws {
    let reference = try Reference(name)
    let network = try VLANetwork(
      checkpoint: reference.folder, precision: .float32, settings: settings)
    let expected = try reference.trace(trace)
    let ids = try network.promptIDs(reference.query.instruction)
    #expect(ids == (try reference.trace("dense").integers("token_ids")))
    let method = try LayerMethod(method, keep: 0.5, depth: network.decoder.depth)
    var (meter, stages) = (ComputeMeter(), [Trace(recording: true)])
    let input = ForwardInput(
      picture: reference.picture, promptIDs: ids, seed: 1,
      noise: expected.contains("noise") ? try expected.matrix("noise") : nil)
    let result = network.forward(
      [input], selection: try network.selection(for: method, calibration: Calibration()),
      meter: &meter, traces: &stages)[0]
    // `decoder_input` and `actions` are no stages of the network.
    try compare(stages[0], expected, atLeast: expected.names.count - 2)
    let statistics = try network.actionStatistics(key: reference.query.unnormKey)
    let actions = network.unnormalize(result.normalizedActions, statistics: statistics)
    let error = relativeError(
      actions.actions.flatMap(\.vector), try expected.floats("actions"))
    #expect(error <= Self.tolerance, "actions: \(error)")
  }

  private func compare(_ stages: Trace, _ expected: TensorArchive, atLeast count: Int) throws {
    var compared = 0
    for stage in stages.stages where expected.contains(stage.name) {
      let error = relativeError(stage.values, try expected.numbers(stage.name))
      #expect(error <= Self.tolerance, "\(stage.name): \(error)")
      compared += 1
    }
    #expect(compared >= count)
  }
}
