import Checkpoints
import Foundation
import Testing
import VLAPolicy

@Suite struct RandomCheckpointTests {
  /// FNV-1a of model.safetensors as the program wrote it when it still drew every tensor's numbers
  /// one after another. It changes with a preset's tensors and for no other reason.
  private static let hashes: [(Preset, ElementType, UInt64)] = [
    (.tiny, .float32, 0xD02D_E59E_03CA_E643), (.tiny, .float16, 0xB5C5_5ED4_2BC8_1084),
    (.tiny, .bfloat16, 0xB08C_F802_D62B_C58B), (.nano, .bfloat16, 0x73F2_4DF8_D638_6DE2),
  ]

  @Test("weights that all cores make are those of one, byte for byte", arguments: hashes)
  func bytes(preset: Preset, elementType: ElementType, hash: UInt64) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "random-checkpoint-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try RandomCheckpoint.write(preset, seed: 11, elementType: elementType, to: folder)
    let bytes = try Data(contentsOf: folder.appending(path: TensorArchive.fileName))
    var found: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { found = (found ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    #expect(found == hash)
  }

  @Test("what is quantized are the linear maps, and nothing that is looked up, scored or read out")
  func quantizable() throws {
    let configuration = Preset.tiny.configuration()
    let names = Set(configuration.quantizableWeights.map(\.name))
    for name in [
      "vision_backbone.dino_featurizer.blocks.0.attn.qkv.weight", "projector.4.weight",
      "llm_backbone.llm.model.layers.5.mlp.down_proj.weight",
      "action_model.net.blocks.1.mlp.fc2.weight", "action_model.net.x_embedder.linear.weight",
    ] {
      #expect(names.contains(name), "\(name)")
    }
    let forbidden = [
      "embed_tokens", "lm_head", "patch_embed", "route", "norm", "bias", "pos", "uncondition",
    ]
    for name in names {
      #expect(!forbidden.contains { name.contains($0) }, "\(name)")
    }
    // 2 and 1 blocks of four maps, three of the projector, six layers of seven, two blocks of four
    // and five more maps of the head.
    #expect(names.count == 3 * 4 + 3 + 6 * 7 + 2 * 4 + 5)
  }
}
