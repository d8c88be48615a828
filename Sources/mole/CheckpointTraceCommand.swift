import ArgumentParser
import Checkpoints
import Foundation
import Images
import Manipulation
import VLAPolicy

struct CheckpointTraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace", abstract: "Write every stage of one query to safetensors.",
    discussion: """
      Stages: pixels, vision.<tower>, projected, token_ids, embeddings, router.*, layers.<i>, \
      layer_mask, hidden, cognition, noise, noise_prediction.first, normalized_actions, actions; \
      for a token head logits and action_tokens. Hold your own model against them. Prints the first action: x, y, z in metres, three \
      angles in radians, gripper.
      """)

  @Argument(help: "The checkpoint folder.")
  var checkpoint: String

  @Option(help: "The picture, PNG or JPEG.")
  var image: String

  @Option(help: "The instruction, such as \"close the box\".")
  var instruction: String

  @Option(help: "The method: dense, mole:8, truncate:0.5, mod:0.5, random:8, static:8, …")
  var method = "dense"

  @Option(help: "The share of the layers that runs where the method names none.")
  var keep = 0.5

  @Option(help: "Seeds the diffusion noise and random choices.")
  var seed: UInt64 = 0

  @Option(
    help: """
      The data set whose statistics un-normalise the actions; needed where the checkpoint knows \
      several.
      """)
  var unnormKey: String?

  @Option(name: [.short, .customLong("out")], help: "The safetensors file to write.")
  var out: String

  func validate() throws {
    guard keep > 0, keep <= 1 else {
      throw ValidationError("'--keep' must be in (0, 1], but is \(keep).")
    }
  }

  func run() throws {
    let network = try VLANetwork(checkpoint: URL(filePath: checkpoint))
    let policy = try LayerSkippingPolicy(
      network: network,
      method: LayerMethod(method, keep: keep, depth: network.decoder.depth),
      unnormKey: unnormKey)
    let picture = try ImageFile.read(URL(filePath: image))
    var trace = Trace(recording: true)
    let query = PolicyQuery(
      observation: Observation(images: [network.configuration.image.camera: picture]),
      instruction: instruction, step: 0, seed: seed)
    let prediction = try policy.predict(query, trace: &trace)
    try trace.write(to: URL(filePath: out))
    print(prediction.chunk.actions.first?.vector.map { String($0) }.joined(separator: " ") ?? "")
  }
}
