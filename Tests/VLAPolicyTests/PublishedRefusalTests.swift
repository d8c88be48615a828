import Checkpoints
import Failures
import Foundation
import TensorMath
import Testing
import VLAPolicy

@Suite struct PublishedRefusalTests {
  @Test("layers that are stored in several types are refused, unless one to run in is named")
  func mixedTypes() throws {
    let copy = try FolderCopy(of: "published/llama")
    let odd = "model.layers.0.mlp.down_proj.weight"
    let archive = try TensorArchive(checkpointDirectory: copy.url)
    let writer = try SafetensorsWriter(
      to: copy.url.appending(path: TensorArchive.fileName),
      declarations: archive.names.map {
        TensorDeclaration(
          name: $0, shape: try archive.shape(of: $0),
          elementType: $0 == odd ? .float32 : .bfloat16)
      })
    for name in archive.names {
      try writer.add(name, shape: try archive.shape(of: name), try archive.floats(name))
    }
    try writer.finish()
    try copy.remove(TensorArchive.indexName)
    let folder = try CheckpointFolder(copy.url)
    #expect {
      try LanguageModel(folder)
    } throws: { error in
      guard case .mixedTypes(let names, _) = error as? PolicyError else { return false }
      return names.contains(odd)
    }
    #expect(throws: Never.self) { try LanguageModel(folder, precision: .float32) }
  }

  struct Change: Sendable, CustomTestStringConvertible {
    var fixture: String
    var path: String
    var value: JSONText
    var file = "config.json"
    var testDescription: String { "\(fixture) \(path) = \(value.text)" }
  }

  /// JSON that may cross to another task.
  struct JSONText: Sendable, ExpressibleByStringLiteral {
    var text: String
    init(stringLiteral text: String) { self.text = text }

    var value: Any {
      get throws {
        try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
      }
    }
  }

  @Test(
    "what our layers do not compute is refused by its key and value",
    arguments: [
      Change(fixture: "openvla", path: "vision_backbone_id", value: "\"siglip-vit-b16\""),
      Change(fixture: "openvla", path: "use_fused_vision_backbone", value: "false"),
      Change(fixture: "openvla", path: "arch_specifier", value: "\"linear\""),
      Change(
        fixture: "openvla", path: "image_resize_strategy", value: "\"resize-crop\"",
        file: "preprocessor_config.json"),
      Change(fixture: "openvla", path: "image_sizes", value: "[28, 35]"),
      Change(fixture: "openvla", path: "timm_model_ids", value: "[\"vit_a\", \"vit_b\"]"),
      Change(fixture: "openvla", path: "timm_override_act_layers", value: "[null, \"quick_gelu\"]"),
      Change(fixture: "openvla", path: "quantization_config", value: "{\"bits\": 4}"),
      Change(fixture: "openvla", path: "pad_to_multiple_of", value: "-1"),
      Change(fixture: "openvla", path: "text_config.hidden_act", value: "\"gelu\""),
      Change(fixture: "openvla", path: "text_config.model_type", value: "\"phi\""),
      Change(fixture: "llama", path: "model_type", value: "\"mistral\""),
      Change(fixture: "llama", path: "model_type", value: "\"qwen2\""),
      Change(fixture: "llama", path: "attention_bias", value: "true"),
      Change(fixture: "llama", path: "rope_parameters.rope_type", value: "\"yarn\""),
      Change(fixture: "llama", path: "quantization_config", value: "{\"bits\": 8}"),
      Change(fixture: "timm", path: "architecture", value: "\"resnet50\""),
      Change(fixture: "timm", path: "pretrained_cfg.input_size", value: "[1, 35, 35]"),
      Change(fixture: "timm", path: "pretrained_cfg.interpolation", value: "\"bilinear\""),
      Change(fixture: "cogact", path: "vla.base_vlm", value: "\"prism-siglip-224px+7b\""),
      Change(fixture: "cogact", path: "action_model_type", value: "\"DiT-XL\""),
      Change(fixture: "cogact", path: "past_action_window_size", value: "2"),
      Change(fixture: "cogact", path: "future_action_window_size", value: "9"),
    ])
  func unsupported(change: Change) throws {
    let copy = try FolderCopy(of: "published/\(change.fixture)")
    try copy.set(change.path, in: change.file, to: change.value.value)
    let error = #expect(throws: PolicyError.self) { try CheckpointFolder(copy.url) }
    let text = error?.description ?? ""
    #expect(text.contains(change.path) && text.contains(change.file), "\(text)")
    #expect(error?.kind == .badData)
  }

  @Test(
    "a value of another kind is refused with its path",
    arguments: [
      Change(fixture: "openvla", path: "text_config.hidden_size", value: "\"wide\""),
      Change(fixture: "openvla", path: "text_config", value: "3"),
      Change(fixture: "llama", path: "head_dim", value: "1.5"),
      Change(fixture: "llama", path: "rope_parameters.factor", value: "[]"),
      Change(fixture: "timm", path: "pretrained_cfg.mean", value: "[0.5, \"a\", 0.5]"),
      Change(fixture: "cogact", path: "vla", value: "true"),
    ])
  func wrongKind(change: Change) throws {
    let copy = try FolderCopy(of: "published/\(change.fixture)")
    try copy.set(change.path, in: change.file, to: change.value.value)
    let error = #expect(throws: CheckpointError.self) { try CheckpointFolder(copy.url) }
    #expect(error?.description.contains(change.path) == true)
  }

  @Test(
    "numbers from outside are refused or the tensors' shapes listed, and nothing traps",
    arguments: [
      "openvla": [
        "text_config.hidden_size", "text_config.num_attention_heads", "text_config.vocab_size",
        "text_config.num_hidden_layers", "text_config.num_key_value_heads", "n_action_bins",
        "pad_to_multiple_of",
      ],
      "llama": [
        "hidden_size", "head_dim", "num_key_value_heads", "vocab_size", "num_hidden_layers",
        "rope_parameters.original_max_position_embeddings",
      ],
      "timm": ["model_args.num_heads"],
    ])
  func hostileNumbers(fixture: String, paths: [String]) throws {
    for path in paths {
      for value in [Int.max, Int.min, -1, 0, 1 << 40] {
        let copy = try FolderCopy(of: "published/\(fixture)")
        try copy.set(path, to: value)
        do {
          let folder = try CheckpointFolder(copy.url)
          try folder.model.configuration.check(try folder.archive())
        } catch {
          #expect(error is any ExplainedError, "\(path) = \(value): \(error)")
        }
      }
    }
  }

  @Test("a folder of no known kind says which kinds there are")
  func unknown() throws {
    let copy = try FolderCopy(of: "published/llama")
    try copy.set("model_type", to: nil)
    let error = #expect(throws: PolicyError.self) { try CheckpointFolder(copy.url) }
    #expect(error?.description.contains("'openvla'") == true)
  }

  @Test("CogACT without a tokenizer is recognised, and told where to put one")
  func noTokenizer() throws {
    let copy = try FolderCopy(of: "published/cogact")
    try copy.remove("tokenizer.model")
    let folder = try CheckpointFolder(copy.url, settings: ["image.size=28"])
    #expect(try folder.policy().prompt.suffixIds == [2], "29871 is no id of so small a model")
    let error = #expect(throws: PolicyError.self) { try folder.tokenizer() }
    #expect(error?.description.contains("tokenizer.model") == true)
    #expect(error?.kind == .missingInput)
  }

  @Test("a language model is no policy")
  func wrongModel() throws {
    let url = try fixture("published/llama")
    let error = #expect(throws: PolicyError.self) { try VLANetwork(checkpoint: url) }
    #expect(error?.description.contains("a language model alone") == true)
  }
}
