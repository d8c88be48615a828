internal import Manipulation
internal import NeuralLayers

/// What only training has: the distillation's projection μ, and linear heads from the cognition
/// feature straight to the chunk.
struct AuxiliaryParameters: Sendable {
  let projection: LinearParameters?
  /// For the last layer's feature, where it is wanted.
  let regressionHead: LinearParameters?
  /// One an exit.
  let exitHeads: [LinearParameters]

  init(_ configuration: Configuration, _ options: MethodOptions, layout: ParameterLayout) {
    projection = AuxiliaryParameters.projectionKey(configuration, options).map(layout.linear)
    regressionHead = AuxiliaryParameters.regressionKey(configuration, options).map(layout.linear)
    exitHeads = AuxiliaryParameters.exitKeys(configuration, options).map(layout.linear)
  }

  static func parameters(
    _ configuration: Configuration, _ options: MethodOptions
  ) -> [Parameter] {
    let single = [
      regressionKey(configuration, options), projectionKey(configuration, options),
    ]
    return (exitKeys(configuration, options) + single.compactMap(\.self))
      .flatMap { $0.parameters(of: .router) }
  }

  /// The name of μ's weight, which starts as the identity.
  static let projectionName = "distillation.projection.weight"

  private static func projectionKey(
    _ configuration: Configuration, _ options: MethodOptions
  ) -> LinearKey? {
    guard options.method == .mole, options.distillation.weight > 0, options.distillation.projects
    else { return nil }
    let width = configuration.language.width
    return LinearKey(
      name: "distillation.projection", outputWidth: width, inputWidth: width, hasBias: false)
  }

  private static func regressionKey(
    _ configuration: Configuration, _ options: MethodOptions
  ) -> LinearKey? {
    guard options.method != .earlyExit, options.diffusion.regressionWeight > 0 else { return nil }
    return headKey("regression", configuration)
  }

  private static func exitKeys(
    _ configuration: Configuration, _ options: MethodOptions
  ) -> [LinearKey] {
    guard options.method == .earlyExit else { return [] }
    return configuration.exits.indices.compactMap { headKey("\($0)", configuration) }
  }

  private static func headKey(_ name: String, _ configuration: Configuration) -> LinearKey? {
    guard case .diffusion(let head) = configuration.actionHead else { return nil }
    return LinearKey(
      name: "auxiliary.\(name)", outputWidth: head.chunk * ActionHead.actionWidth,
      inputWidth: configuration.language.width)
  }
}
