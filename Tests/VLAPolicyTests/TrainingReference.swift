import Checkpoints
import Foundation
import Manipulation
import NeuralLayers
import TensorMath
import VLAPolicy

/// One step of training as PyTorch computes it in double precision (`Scripts/fixtures/training.py`):
/// four samples, everything that is drawn, and by method the losses and every gradient.
struct TrainingReference {
  let samples: [LearningSample]
  private let draws: StepDraws
  private let configuration: Configuration
  /// The tensors that any method's loss depends on.
  private let tensors: [String]
  private let cases: [Case]
  private let weights: TensorArchive
  private let extra: TensorArchive
  private let projections: TensorArchive

  struct Case: Decodable {
    let name: String
    let method: LearningMethod
    let options: Options
    let total: Double
    /// By the names of `LossPart`.
    let parts: [String: Double]
    /// `[sample][layer]`, where layers are chosen.
    let kept: [[Bool]]?
  }

  /// What differs from the defaults.
  struct Options: Decodable {
    let keep: Double
    let staticOrder: [Int]?
    let router: Router?
    let gripper: GripperConfiguration?
    let diffusion: DiffusionOptions?
    let star: STAROptions?
    let distillation: DistillationOptions?
    let exits: ExitOptions?
    let factorization: Factorization?
    let experts: ExpertOptions?

    private enum CodingKeys: String, CodingKey {
      case keep
      case staticOrder = "static_order"
      case router
      case gripper
      case diffusion
      case star
      case distillation
      case exits
      case factorization
      case experts
    }
  }

  /// Feed-forward blocks in four experts.
  struct Factorization: Decodable {
    let topK: Int
    let gate: ExpertRouting.Gate?
    let scale: Float?

    private enum CodingKeys: String, CodingKey {
      case topK = "top_k"
      case gate
      case scale
    }

    var configuration: FactorizationConfiguration {
      FactorizationConfiguration(
        experts: DenseBlocks.expertCount, topK: topK, gate: gate ?? .hard, scale: scale ?? 1)
    }
  }

  struct Router: Decodable {
    let kind: RouterConfiguration.RouterKind?
    let input: RouterConfiguration.RouterInput?
    let sharpnessToken: RouterConfiguration.SharpnessToken?

    private enum CodingKeys: String, CodingKey {
      case kind
      case input
      case sharpnessToken = "sharpness_token"
    }
  }

  private struct Description: Decodable {
    let tensors: [String]
    let cases: [Case]
  }

  init() throws {
    let policy = try fixture("cogact")
    let folder = try fixture("training")
    configuration = try JSONFile.decode(
      Configuration.self, from: policy.appending(path: VLANetwork.configurationName))
    weights = try TensorArchive(file: policy.appending(path: TensorArchive.fileName))
    let description = try JSONFile.decode(
      Description.self, from: folder.appending(path: "cases.json"))
    tensors = description.tensors
    cases = description.cases
    extra = try TensorArchive(file: folder.appending(path: "extra.safetensors"))
    projections = try TensorArchive(file: folder.appending(path: "projections.safetensors"))
    let batch = try TensorArchive(file: folder.appending(path: "batch.safetensors"))
    samples = try batch.learningSamples()
    draws = try batch.stepDraws()
  }

  func find(_ name: String) -> Case? { cases.first { $0.name == name } }

  /// What was drawn; without Gumbel noise where the options want none.
  func draws(_ options: MethodOptions) -> StepDraws {
    var draws = draws
    if !options.star.gumbel {
      draws.gumbel = Matrix(rows: draws.gumbel.rows, columns: draws.gumbel.columns)
    }
    return draws
  }

  /// What a case minimises; weights of what routers of experts learn may be others.
  func objective(
    _ reference: Case, precision: Precision = .float32, balanceWeight: Double? = nil,
    priorWeight: Double? = nil
  ) throws -> PolicyObjective {
    var configuration = configuration
    let changes = reference.options
    configuration.staticOrder = changes.staticOrder
    configuration.gripper = changes.gripper
    if let kind = changes.router?.kind { configuration.router?.kind = kind }
    if let input = changes.router?.input { configuration.router?.input = input }
    if let token = changes.router?.sharpnessToken { configuration.router?.sharpnessToken = token }
    var options = MethodOptions(reference.method, keep: changes.keep)
    options.diffusion = changes.diffusion ?? options.diffusion
    options.diffusion.draws = draws.steps.count / samples.count
    options.star = changes.star ?? options.star
    options.distillation = changes.distillation ?? options.distillation
    options.exits = changes.exits ?? options.exits
    options.experts = changes.experts ?? options.experts
    options.experts.balanceWeight = balanceWeight ?? options.experts.balanceWeight
    options.experts.priorWeight = priorWeight ?? options.experts.priorWeight
    configuration.language.factorization = changes.factorization?.configuration
    return try PolicyObjective(configuration, options, precision: precision)
  }

  /// The policy's weights, and what training adds to them.
  func parameters(_ layout: ParameterLayout) throws -> FloatStorage {
    let values = try layout.parameters.flatMap { parameter in
      if let part = DenseBlocks.Part(parameter.name) {
        return part.values(of: try weights.matrix(part.dense))
      }
      let archive = weights.contains(parameter.name) ? weights : extra
      return try archive.floats(parameter.name, shape: parameter.shape)
    }
    return FloatStorage(values)
  }

  /// A gradient with experts put together again, as the reference has it.
  func joined(
    _ gradient: FloatStorage, _ layout: ParameterLayout
  ) -> (FloatStorage, ParameterLayout) {
    DenseBlocks(configuration).joined(gradient, layout)
  }

  /// The student's numbers times three factors in turn, which are exact.
  func teacher(_ layout: ParameterLayout) throws -> FloatStorage {
    let student = try parameters(layout).values
    var values: [Float] = []
    for parameter in layout.parameters {
      values += (0..<parameter.count).map {
        student[values.count + $0] * [0.875, 1, 1.125][$0 % 3]
      }
    }
    return FloatStorage(values)
  }

  /// Of each tensor how far a gradient is from the reference, as a share of the reference's size or
  /// of a thousandth of the whole gradient's where that is more: what nearly cancels has no digits to
  /// compare.
  ///
  /// The norm of a difference is told from its sums with 16 sequences of signs.
  func errors(
    of gradient: FloatStorage, _ layout: ParameterLayout, case name: String
  ) throws -> [String: Double] {
    let expected = try projections.matrix(name)
    let whole = (0..<expected.rows).reduce(0.0) { $0 + squared(expected.row($1)[0]) }
    var errors: [String: Double] = [:]
    for (row, tensor) in tensors.enumerated() {
      let numbers = expected.row(row)
      let size = max(Double(numbers[0]), 1e-3 * whole.squareRoot())
      let found =
        layout.range(of: tensor).map { gradient.withSpan($0, Self.projections) }
        ?? [Double](repeating: 0, count: numbers.count)
      let differences = zip(found, numbers).map { $0 - Double($1) }
      let signed = differences.dropFirst().reduce(0.0) { $0 + $1 * $1 }
      let difference = max(
        abs(differences[0]), (signed / Double(numbers.count - 1)).squareRoot())
      errors[tensor] = difference / size
    }
    let known = Set(tensors)
    for parameter in layout.parameters where !known.contains(parameter.name) {
      let isZero = layout.range(of: parameter.name).map { range in
        gradient.withSpan(range) { span in span.indices.allSatisfy { span[$0] == 0 } }
      }
      errors[parameter.name] = isZero == true ? 0 : .infinity
    }
    return errors
  }

  /// As above, number by number, for the tensors that are kept in full.
  func fullErrors(
    of gradient: FloatStorage, _ layout: ParameterLayout, case name: String
  ) throws -> [String: Double] {
    let archive = try TensorArchive(
      file: fixture("training").appending(path: "gradient-\(name).safetensors"))
    let whole = try archive.names.reduce(0.0) { sum, tensor in
      try archive.floats(tensor).reduce(sum) { $0 + squared($1) }
    }
    return try archive.names.reduce(into: [:]) { errors, tensor in
      let expected = try archive.floats(tensor)
      guard let range = layout.range(of: tensor), range.count == expected.count else {
        errors[tensor] = .infinity
        return
      }
      let size = expected.reduce(0.0) { $0 + squared($1) }.squareRoot()
      let difference = gradient.withSpan(range) { found in
        found.indices.reduce(0.0) { $0 + squared(found[$1] - expected[$1]) }
      }
      errors[tensor] = difference.squareRoot() / max(size, 1e-3 * whole.squareRoot())
    }
  }

  /// The norm, and the sums with the signs.
  private static func projections(_ gradient: Span<Float>) -> [Double] {
    let norm = gradient.indices.reduce(0.0) { $0 + squared(gradient[$1]) }.squareRoot()
    return [norm]
      + (0..<UInt64(16)).map { seed in
        var generator = SeededGenerator(seed: seed)
        return gradient.indices.reduce(0.0) { sum, index in
          sum + (generator.next() >> 63 == 1 ? 1 : -1) * Double(gradient[index])
        }
      }
  }
}

private func squared(_ value: Float) -> Double { Double(value) * Double(value) }

extension TensorArchive {
  fileprivate func learningSamples() throws -> [LearningSample] {
    let lengths = try integers("prompt_lengths")
    let ends = lengths.indices.map { lengths[...$0].reduce(0, +) }
    let (count, side) = (lengths.count, try shape(of: "pictures")[1])
    let pixels = try integers("pictures").map { UInt8($0) }
    let (ids, isValid) = (try integers("prompt_ids"), try integers("is_valid").map { $0 == 1 })
    let actions = try matrix("actions")
    let grippers = try matrix("gripper")
    let (chunk, pictureSize) = (actions.rows / count, pixels.count / count)
    return (0..<count).map { sample in
      LearningSample(
        picture: RGBImage(
          width: side, height: side,
          pixels: Array(pixels[sample * pictureSize..<(sample + 1) * pictureSize])),
        promptIDs: Array(ids[ends[sample] - lengths[sample]..<ends[sample]]),
        gripper: grippers.row(sample),
        actions: actions.rows(sample * chunk..<(sample + 1) * chunk),
        isValid: Array(isValid[sample * chunk..<(sample + 1) * chunk]), episode: sample, step: 0)
    }
  }

  fileprivate func stepDraws() throws -> StepDraws {
    let depth = try shape(of: "layer_orders")[1]
    let layers = try integers("layer_orders")
    return StepDraws(
      steps: try integers("steps"),
      noise: try matrix("noise"),
      isDropped: try integers("dropped").map { $0 == 1 }, gumbel: try matrix("gumbel"),
      exits: try integers("exits"),
      layerOrders: stride(from: 0, to: layers.count, by: depth).map {
        Array(layers[$0..<$0 + depth])
      })
  }
}
