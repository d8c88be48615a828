package import Manipulation

/// One tensor of a checkpoint.
package struct Parameter: Equatable, Sendable {
  package let name: String
  package let shape: [Int]
  package let part: PolicyPart
  /// How a random checkpoint fills it.
  package let start: Start

  /// The distribution of a random start.
  package enum Start: Equatable, Sendable {
    case constant(Float)
    /// Normal with mean 0 and this standard deviation.
    case normal(Float)
  }

  package init(name: String, shape: [Int], part: PolicyPart, start: Start) {
    self.name = name
    self.shape = shape
    self.part = part
    self.start = start
  }

  package var count: Int { shape.reduce(1, *) }
}

/// The tensors of a linear map, `name.weight` `[out, in]` and `name.bias` `[out]`.
struct LinearKey: Sendable {
  let name: String
  let outputWidth: Int
  let inputWidth: Int
  var hasBias = true
  /// Convolutions are linear maps whose weight has more dimensions on file.
  var weightShape: [Int]?
  /// For weights that are stored without the suffix, such as `in_proj_weight`.
  var separator = "."
  var gain: Float = 1

  var weightName: String { "\(name)\(separator)weight" }
  var biasName: String { "\(name)\(separator)bias" }

  func parameters(of part: PolicyPart) -> [Parameter] {
    let weight = Parameter(
      name: weightName, shape: weightShape ?? [outputWidth, inputWidth], part: part,
      start: .normal(gain / Float(inputWidth).squareRoot()))
    let bias = Parameter(name: biasName, shape: [outputWidth], part: part, start: .constant(0))
    return hasBias ? [weight, bias] : [weight]
  }
}

/// The tensors of a layer norm, `name.weight` and `name.bias`.
struct NormKey: Sendable {
  let name: String
  let width: Int

  func parameters(of part: PolicyPart) -> [Parameter] {
    [
      Parameter(name: "\(name).weight", shape: [width], part: part, start: .constant(1)),
      Parameter(name: "\(name).bias", shape: [width], part: part, start: .constant(0)),
    ]
  }
}

/// One tensor that is no linear map and no norm.
struct TensorKey: Sendable {
  let name: String
  let shape: [Int]
  let start: Parameter.Start

  func parameters(of part: PolicyPart) -> [Parameter] {
    [Parameter(name: name, shape: shape, part: part, start: start)]
  }
}

extension CheckpointLayout {
  /// What stands before the names of one tower's tensors.
  func towerPrefix(_ tower: String) -> String {
    self == .timm ? "" : "vision_backbone.\(tower)."
  }

  var layerScaleName: String { self == .openvla ? "scale_factor" : "gamma" }

  var projectorNames: [String] {
    switch self {
    case .cogact: ["projector.0", "projector.2", "projector.4"]
    case .cogactPublished: ["0", "2", "4"].map { "projector.projector.\($0)" }
    case .openvla, .llama, .timm: ["projector.fc1", "projector.fc2", "projector.fc3"]
    }
  }

  var languagePrefix: String {
    switch self {
    case .cogact, .cogactPublished: "llm_backbone.llm."
    case .openvla: "language_model."
    case .llama, .timm: ""
    }
  }

  var routerPrefix: String { languagePrefix + "model.route." }

  var actionHeadPrefix: String { "action_model.net." }
}
