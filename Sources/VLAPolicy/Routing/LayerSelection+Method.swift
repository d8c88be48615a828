/// What a method needs to know from demonstrations before it can run.
package struct Calibration: Codable, Equatable, Sendable {
  /// One threshold an exit but the last, for `early-exit`.
  package var exitThresholds: [Float]?
  /// Layers from the most influential to the least, for `static`.
  package var staticOrder: [Int]?

  package init(exitThresholds: [Float]? = nil, staticOrder: [Int]? = nil) {
    self.exitThresholds = exitThresholds
    self.staticOrder = staticOrder
  }
}

extension VLANetwork {
  /// The selection that carries out a method on this network.
  ///
  /// - Throws: `PolicyError` when the checkpoint has no such router, or calibration is missing.
  package func selection(
    for method: LayerMethod, calibration: Calibration
  ) throws -> any LayerSelection {
    let keep = method.layerCount(depth: decoder.depth)
    switch method.kind {
    case .dense: return DenseSelection()
    case .truncate: return StaticSelection(keeping: 0..<keep)
    case .random: return RandomSelection(keep: keep)
    case .static:
      guard let order = calibration.staticOrder ?? configuration.staticOrder else {
        throw PolicyError.needsCalibration(method: method.name)
      }
      return StaticSelection(keeping: order.prefix(keep))
    case .mole:
      guard let router else { throw missing("a STAR router", for: method) }
      return RoutedSelection(router: router, keep: keep)
    case .mixtureOfDepths:
      guard let depthRouters, let settings = configuration.mixtureOfDepths else {
        throw missing("token routers", for: method)
      }
      return MixtureOfDepthsSelection(
        routers: depthRouters, gate: settings.gate, capacity: method.share)
    case .earlyExit: return try earlyExit(method, calibration: calibration)
    }
  }

  /// The exits of this network, each by the number of layers below it.
  ///
  /// - Throws: `PolicyError.missingPart` when the configuration has none.
  package func exits(for method: LayerMethod) throws -> [Int] {
    guard let settings = configuration.earlyExit else { throw missing("exits", for: method) }
    return ExitRule.exits(every: settings.interval, depth: decoder.depth)
  }

  private func earlyExit(
    _ method: LayerMethod, calibration: Calibration
  ) throws -> any LayerSelection {
    let exits = try exits(for: method)
    guard method.share < 1 else { return DenseSelection() }
    guard let thresholds = calibration.exitThresholds ?? configuration.earlyExit?.thresholds
    else { throw PolicyError.needsCalibration(method: method.name) }
    return EarlyExitSelection(
      rule: ExitRule(exits: exits, thresholds: thresholds + [.infinity]))
  }

  private func missing(_ part: String, for method: LayerMethod) -> PolicyError {
    .missingPart(method: method.name, part: part)
  }
}
