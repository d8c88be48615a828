internal import Manipulation

/// Checks a configuration from outside, in an order in which every check may rely on the ones
/// before it: no number is calculated with, and no range made of it, before it is known to be sane.
extension Configuration {
  /// Checks every number against the others before anything is allocated.
  ///
  /// - Throws: `PolicyError.badConfiguration` with the first thing that is wrong.
  package func validate(file: String) throws {
    let check = ConfigurationCheck(file: file)
    try validateGeneral(check)
    try validateLanguage(check)
    for tower in towers { try tower.validate(imageSize: image.size, check) }
    try check(
      Set(towers.map { $0.patchCount(imageSize: image.size) }).count == 1,
      "the towers have unequal patch counts")
    try check(
      Set(towers.map(\.name)).count == towers.count, "two towers have the same name")
    if let gripper {
      try check(
        1...65536 ~= gripper.hiddenWidth, "gripper.hidden_width is not in 1...65536")
    }
    if let router { try validate(router, check) }
    if let earlyExit { try validate(earlyExit, check) }
    if let staticOrder {
      try check(
        staticOrder.sorted() == Array(0..<language.depth),
        "static_order must name each of the \(language.depth) layers once")
    }
    switch actionHead {
    case .diffusion(let head): try validate(head, check)
    case .tokens(let head): try validate(head, check)
    }
  }

  /// The number of early exits, the last layer included.
  package var exitCount: Int {
    guard let interval = earlyExit?.interval, interval > 0 else { return 0 }
    return ExitRule.exits(every: interval, depth: language.depth).count
  }

  private func validateGeneral(_ check: ConfigurationCheck) throws {
    try check(
      modelType == Configuration.modelType, "model_type is '\(modelType)', not 'mole'")
    try check(
      formatVersion == 1, "format_version is \(formatVersion), this program reads 1")
    try check(
      layout != .llama && layout != .timm,
      "layout '\(layout.rawValue)' is no policy's, 'cogact' or 'openvla' is")
    try image.validate(check)
    try check(
      1...4 ~= towers.count, "there are \(towers.count) towers, 1 to 4 are possible")
    try check(
      1...65536 ~= projector.hiddenWidth, "projector.hidden_width is not in 1...65536")
  }

  private func validateLanguage(_ check: ConfigurationCheck) throws {
    try language.validate(check)
    try check(
      prompt.suffixIds.count <= 8
        && prompt.suffixIds.allSatisfy { 0..<language.vocabularySize ~= $0 },
      "prompt.suffix_ids must be 0 to 8 ids of the vocabulary")
  }

  private func validate(_ router: RouterConfiguration, _ check: ConfigurationCheck) throws {
    try check(1...16384 ~= router.width, "router.width is not in 1...16384")
    try check(1...16384 ~= router.spatialWidth, "router.spatial_width is not in 1...16384")
    try check(
      1...65536 ~= router.feedForwardWidth, "router.feed_forward_width is not in 1...65536")
    try check(
      router.heads > 0 && router.width.isMultiple(of: router.heads),
      "router.width is no multiple of router.heads")
    try check(
      1...language.depth ~= router.keep, "router.keep is not in 1...\(language.depth)")
  }

  private func validate(_ earlyExit: EarlyExitConfiguration, _ check: ConfigurationCheck) throws {
    try check(
      1...language.depth ~= earlyExit.interval,
      "early_exit.interval is not in 1...\(language.depth)")
    try check(
      earlyExit.thresholds.map { $0.count == exitCount - 1 } ?? true,
      "early_exit.thresholds must be one for each of the \(exitCount) exits but the last")
  }

  private func validate(_ head: DiffusionConfiguration, _ check: ConfigurationCheck) throws {
    try check(1...16384 ~= head.width, "action_head.width is not in 1...16384")
    try check(1...256 ~= head.depth, "action_head.depth is not in 1...256")
    try check(
      head.heads > 0 && head.width.isMultiple(of: head.heads),
      "action_head.width is no multiple of action_head.heads")
    try check(1...256 ~= head.chunk, "action_head.chunk is not in 1...256")
    try check(
      1...10000 ~= head.diffusionSteps, "action_head.diffusion_steps is not in 1...10000")
    try check(
      NoiseSchedule.timeSteps(sampling: head.samplingSteps, of: head.diffusionSteps) != nil,
      "action_head.sampling_steps \(head.samplingSteps) cannot be spaced evenly over "
        + "\(head.diffusionSteps) steps")
    try check(head.guidance.isFinite, "action_head.guidance is not finite")
    try check(
      (0...1).contains(head.noiseScale ?? 1), "action_head.noise_scale is not from 0 to 1")
  }

  private func validate(_ head: ActionTokenConfiguration, _ check: ConfigurationCheck) throws {
    try check(2...65536 ~= head.binCount, "action_head.bin_count is not in 2...65536")
    try check(head.tokenCount == Action.width, "action_head.token_count must be 7")
    try check(
      head.firstUnusedId > head.binCount && head.firstUnusedId <= language.vocabularySize,
      "the action tokens leave the vocabulary")
  }
}
