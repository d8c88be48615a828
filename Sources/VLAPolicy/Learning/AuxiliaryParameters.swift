internal import Manipulation
internal import NeuralLayers

/// What only training has: the distillation's projection μ, and a small head for each exit.
struct AuxiliaryParameters: Sendable {
  let projection: LinearParameters?
  /// One an exit, from the cognition feature straight to the chunk.
  let exitHeads: [LinearParameters]

  init(_ configuration: Configuration, _ options: MethodOptions, layout: ParameterLayout) {
    projection = AuxiliaryParameters.projectionKey(configuration, options).map(layout.linear)
    exitHeads = AuxiliaryParameters.exitKeys(configuration, options).map(layout.linear)
  }

  static func parameters(
    _ configuration: Configuration, _ options: MethodOptions
  ) -> [Parameter] {
    (exitKeys(configuration, options) + [projectionKey(configuration, options)].compactMap(\.self))
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

  private static func exitKeys(
    _ configuration: Configuration, _ options: MethodOptions
  ) -> [LinearKey] {
    guard options.method == .earlyExit, case .diffusion(let head) = configuration.actionHead
    else { return [] }
    return configuration.exits.indices.map {
      LinearKey(
        name: "auxiliary.\($0)", outputWidth: head.chunk * ActionHead.actionWidth,
        inputWidth: configuration.language.width)
    }
  }
}
