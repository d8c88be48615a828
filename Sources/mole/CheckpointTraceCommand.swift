import ArgumentParser
import Checkpoints
import Foundation
import Images
import Manipulation
import Outcomes
import TensorMath
import VLAPolicy

struct CheckpointTraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace", abstract: "Write every stage of one query to safetensors.",
    discussion: """
      Hold your own model against the stages.

      A policy needs --image and --instruction, and --gripper where it is told of its gripper: pixels, vision.<tower>, projected, token_ids, \
      embeddings, router.*, layers.<i>, layer_mask, hidden, cognition, noise, \
      noise_prediction.first, normalized_actions, actions; for a token head logits and \
      action_tokens. Prints the first action: x, y, z in metres, three angles in radians, gripper.

      A language model alone needs --text: token_ids, embeddings, layers.<i>, layer_mask, hidden, \
      logits. Prints the most likely next tokens: number, probability, piece. Methods: dense, \
      truncate, random, static (calibrated on the text).

      A vision tower alone needs --image: pixels, tokens, blocks.<i>, features (after the final \
      norm, class token and registers first). Prints the features' shape.
      """)

  @Argument(help: "The checkpoint folder.")
  var checkpoint: String

  @Option(help: "The picture, PNG or JPEG.")
  var image: String?

  @Option(help: "The instruction, such as \"close the box\".")
  var instruction: String?

  @Option(
    help: """
      Where the gripper is, for a policy that is told so: x,y,z in metres, three extrinsic x-y-z \
      angles in radians, 1 for open or 0 for closed, such as 0.28,0,1.47,3.14,0,3.14,1.
      """)
  var gripper: GripperFlag?

  @Option(help: "The text for a language model, as it is.")
  var text: String?

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

  @Option(
    help: "What products run in: f32, bf16 or int8; what suits the stored weights when not given.")
  var dtype: ProductType?

  @OptionGroup var settings: ConfigurationSettings

  @Option(name: [.short, .customLong("out")], help: "The safetensors file to write.")
  var out: String

  func validate() throws {
    guard keep > 0, keep <= 1 else {
      throw ValidationError("'--keep' must be in (0, 1], but is \(keep).")
    }
  }

  func run() throws {
    let folder = try CheckpointFolder(URL(filePath: checkpoint), settings: settings.set)
    var trace = Trace(recording: true)
    do {
      let answer = try ask(folder, trace: &trace)
      try trace.write(to: URL(filePath: out))
      print(answer)
    } catch let error as PolicyError {
      // The stages are there, and what they are wanted for is to find where it happens.
      if case .answerNotFinite = error { try trace.write(to: URL(filePath: out)) }
      throw error
    }
  }

  private func ask(_ folder: CheckpointFolder, trace: inout Trace) throws -> String {
    switch folder.model {
    case .policy: try askPolicy(folder, trace: &trace)
    case .language: try askLanguageModel(folder, trace: &trace)
    case .vision: try askTower(folder, trace: &trace)
    }
  }

  private func askPolicy(_ folder: CheckpointFolder, trace: inout Trace) throws -> String {
    let (image, instruction) = (
      try required(image, "--image"), try required(instruction, "--instruction")
    )
    let network = try VLANetwork(folder, precision: dtype?.precision)
    if network.configuration.gripper != nil { _ = try required(gripper, "--gripper") }
    let policy = try LayerSkippingPolicy(
      network: network,
      method: LayerMethod(method, keep: keep, depth: network.decoder.depth),
      unnormKey: unnormKey)
    let picture = try ImageFile.read(URL(filePath: image))
    let query = PolicyQuery(
      observation: Observation(
        images: [network.configuration.image.camera: picture], gripperPose: gripper?.pose,
        gripperOpen: gripper?.opening),
      instruction: instruction, step: 0, seed: seed)
    let prediction = try policy.predict(query, trace: &trace)
    return prediction.chunk.actions.first?.vector.map { String($0) }.joined(separator: " ") ?? ""
  }

  private func askLanguageModel(_ folder: CheckpointFolder, trace: inout Trace) throws -> String {
    let text = try required(text, "--text")
    let model = try LanguageModel(folder, precision: dtype?.precision)
    let method = try LayerMethod(method, keep: keep, depth: model.decoder.depth)
    var meter = ComputeMeter()
    let result = model.run(
      try model.ids(of: text), selection: try model.selection(for: method, calibratingOn: text),
      seed: seed, meter: &meter, trace: &trace)
    try PolicyError.check(result.logits, as: "logits")
    return model.likeliest(5, after: result.logits).map { token in
      let share = (token.probability * 10000).rounded() / 10000
      return "\(token.id)\t\(share)\t\(model.tokenizer.piece(token.id) ?? "")"
    }.joined(separator: "\n")
  }

  private func askTower(_ folder: CheckpointFolder, trace: inout Trace) throws -> String {
    let picture = try ImageFile.read(URL(filePath: try required(image, "--image")))
    var meter = ComputeMeter()
    let features = try VisionModel(folder, precision: dtype?.precision)(
      picture, meter: &meter, trace: &trace)
    try PolicyError.check(features, as: "features")
    return "\(features.rows) \(features.columns)"
  }

  private func required<Value>(_ value: Value?, _ flag: String) throws -> Value {
    guard let value else {
      throw ValidationError("A checkpoint of this kind needs '\(flag)'.")
    }
    return value
  }
}

/// Where a gripper is and whether it is open: seven numbers with commas between.
struct GripperFlag: ExpressibleByArgument {
  let pose: Pose
  let opening: Double

  init?(argument: String) {
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false)
      .compactMap { Double($0) }
    guard numbers.count == 7, numbers.allSatisfy(\.isFinite), 0...1 ~= numbers[6] else {
      return nil
    }
    pose = Pose(
      position: SIMD3(numbers[0], numbers[1], numbers[2]),
      rotation: Rotation(extrinsicXYZ: SIMD3(numbers[3], numbers[4], numbers[5])))
    opening = numbers[6]
  }
}
