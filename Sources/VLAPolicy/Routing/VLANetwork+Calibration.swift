package import Manipulation
internal import TensorMath

extension VLANetwork {
  /// Whether a method must see demonstrations before it can run on this checkpoint.
  package func needsCalibration(_ method: LayerMethod) -> Bool {
    switch method.kind {
    case .earlyExit: method.share < 1 && configuration.earlyExit?.thresholds == nil
    case .static: configuration.staticOrder == nil
    case .dense, .mole, .truncate, .random, .mixtureOfDepths: false
    }
  }

  /// Learns from demonstrated observations what a method needs: exit thresholds (DeeR) or the
  /// order of the layers by block influence (ShortGPT).
  ///
  /// - Parameters:
  ///   - queries: At least one observation.
  ///   - camera: The camera to look through; `nil` takes the configuration's.
  ///   - unnormKey: The data set whose statistics the gripper's state is told by.
  ///   - progress: Called after each query with the number done.
  package func calibrate(
    _ method: LayerMethod, on queries: [PolicyQuery], camera: String? = nil,
    unnormKey: String? = nil, progress: (Int) -> Void = { _ in }
  ) throws -> Calibration {
    switch method.kind {
    case .earlyExit:
      let exits = try exits(for: method)
      let never = ExitRule(
        exits: exits,
        thresholds: [Float](repeating: -.infinity, count: exits.count - 1) + [.infinity])
      let differences = try trace(
        queries, selection: EarlyExitSelection(rule: never), camera: camera, unnormKey: unnormKey,
        progress: progress
      ) { $0["exit_deltas"]?.values ?? [] }
      return Calibration(
        exitThresholds: ExitRule.thresholds(
          differences: differences, exits: exits,
          meanDepth: method.share * Double(decoder.depth)))
    case .static:
      let influences = try trace(
        queries, selection: DenseSelection(), camera: camera, unnormKey: unnormKey,
        progress: progress,
        BlockInfluence.ofLayers)
      return Calibration(staticOrder: BlockInfluence.order(influences))
    case .dense, .mole, .truncate, .random, .mixtureOfDepths:
      return Calibration()
    }
  }

  private func trace(
    _ queries: [PolicyQuery], selection: any LayerSelection, camera: String?,
    unnormKey: String?, progress: (Int) -> Void, _ measure: (Trace) -> [Float]
  ) throws -> [[Float]] {
    let camera = camera ?? configuration.image.camera
    let gripper = try gripperState(key: unnormKey)
    return try queries.enumerated().map { index, query in
      var traces = [Trace(recording: true)]
      var meter = ComputeMeter()
      _ = forward(
        [try input(for: query, camera: camera, gripper: gripper)], selection: selection,
        meter: &meter, traces: &traces)
      progress(index + 1)
      return measure(traces[0])
    }
  }
}

extension ExitRule {
  /// Thresholds whose exits leave the calibration samples at `meanDepth` layers on average.
  static func thresholds(
    differences: [[Float]], exits: [Int], meanDepth: Double
  ) -> [Float] {
    let proportions = proportions(exits: exits, meanDepth: meanDepth)
    return Array(
      thresholds(differences: differences, proportions: proportions).dropLast())
  }
}

/// How much a layer changes the state (ShortGPT): 1 − the mean cosine between what goes in and what
/// comes out.
package enum BlockInfluence {
  /// One influence a layer, from a trace of the dense model.
  static func ofLayers(_ trace: Trace) -> [Float] {
    var states = trace.stages.filter { $0.name.hasPrefix("layers.") }
    if let embeddings = trace["embeddings"] { states.insert(embeddings, at: 0) }
    return zip(states, states.dropFirst()).map { before, after in
      influence(from: before.values, to: after.values, width: before.shape[1])
    }
  }

  /// - Parameters: `before` and `after` are `[tokenCount, width]`.
  package static func influence(from before: [Float], to after: [Float], width: Int) -> Float {
    var total: Float = 0
    for start in stride(from: 0, to: before.count, by: width) {
      let (a, b) = (before[start..<start + width], after[start..<start + width])
      let product = zip(a, b).reduce(Float(0)) { $0 + $1.0 * $1.1 }
      let lengths = (a.reduce(0) { $0 + $1 * $1 } * b.reduce(0) { $0 + $1 * $1 }).squareRoot()
      // A zero state has no direction; ShortGPT's code counts it as half.
      total += lengths > 0 ? product / lengths : 0.5
    }
    return 1 - total / Float(before.count / width)
  }

  /// Layers from the most influential to the least, by the mean over `[sample][layer]`.
  package static func order(_ influences: [[Float]]) -> [Int] {
    guard let layerCount = influences.first?.count else { return [] }
    let totals = (0..<layerCount).map { layer in influences.reduce(0) { $0 + $1[layer] } }
    return totals.indices.sorted {
      totals[$0] != totals[$1] ? totals[$0] > totals[$1] : $0 < $1
    }
  }
}
