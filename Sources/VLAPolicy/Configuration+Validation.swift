internal import Manipulation

/// Checks a configuration from outside, in an order in which every check may rely on the ones
/// before it: no number is calculated with, and no range made of it, before it is known to be sane.
extension Configuration {
  /// Patches of one picture. Attention takes the square of it, so that larger numbers are no
  /// policy but a way to exhaust the memory.
  private static let patchLimit = 4096

  /// Checks every number against the others before anything is allocated.
  ///
  /// - Throws: `PolicyError.badConfiguration` with the first thing that is wrong.
  package func validate(file: String) throws {
    let check = Check(file: file)
    try validateGeneral(check)
    try validateLanguage(check)
    for tower in towers { try validate(tower, check) }
    try check(
      Set(towers.map { $0.patchCount(imageSize: image.size) }).count == 1,
      "the towers have unequal patch counts")
    try check(
      Set(towers.map(\.name)).count == towers.count, "two towers have the same name")
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

  private func validateGeneral(_ check: Check) throws {
    try check(
      modelType == Configuration.modelType, "model_type is '\(modelType)', not 'mole'")
    try check(
      formatVersion == 1, "format_version is \(formatVersion), this program reads 1")
    try check(
      1...2048 ~= image.size, "image.size \(image.size) is not in 1...2048")
    try check(
      1...4 ~= towers.count, "there are \(towers.count) towers, 1 to 4 are possible")
    try check(
      1...65536 ~= projector.hiddenWidth, "projector.hidden_width is not in 1...65536")
  }

  private func validate(_ tower: TowerConfiguration, _ check: Check) throws {
    let name = "towers '\(tower.name)'"
    try check(1...16384 ~= tower.width, "\(name): width is not in 1...16384")
    try check(1...65536 ~= tower.mlpWidth, "\(name): mlp_width is not in 1...65536")
    try check(1...256 ~= tower.depth, "\(name): depth is not in 1...256")
    try check(
      tower.heads > 0 && tower.width.isMultiple(of: tower.heads),
      "\(name): width \(tower.width) is no multiple of \(tower.heads) heads")
    try check(
      tower.patchSize > 0 && image.size.isMultiple(of: tower.patchSize),
      "\(name): image.size \(image.size) is no multiple of patch_size \(tower.patchSize)")
    try check(
      tower.patchCount(imageSize: image.size) <= Configuration.patchLimit,
      "\(name): patch_size \(tower.patchSize) cuts the picture into more than "
        + "\(Configuration.patchLimit) patches")
    try check(0...64 ~= tower.registerCount, "\(name): register_count is not in 0...64")
    try check(0..<tower.depth ~= tower.featureBlock, "\(name): feature_block is no block")
    try check(tower.normEpsilon > 0, "\(name): norm_epsilon must be positive")
    try check(
      tower.mean.count == 3 && tower.mean.allSatisfy(\.isFinite)
        && tower.std.count == 3 && tower.std.allSatisfy { $0 > 0 && $0.isFinite },
      "\(name): mean and std need three values, std above 0")
    try check(
      !tower.name.isEmpty
        && tower.name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") },
      "\(name): the name must be letters, digits and underscores")
  }

  private func validateLanguage(_ check: Check) throws {
    try check(2...32768 ~= language.width, "language.width is not in 2...32768")
    try check(1...512 ~= language.depth, "language.depth is not in 1...512")
    try check(1...131_072 ~= language.mlpWidth, "language.mlp_width is not in 1...131072")
    try check(
      2...1_000_000 ~= language.vocabularySize,
      "language.vocabulary_size is not in 2...1000000")
    try check(
      language.heads > 0 && language.width.isMultiple(of: language.heads)
        && language.headWidth.isMultiple(of: 2),
      "language.width \(language.width) over \(language.heads) heads is no even head width")
    try check(
      language.keyValueHeads > 0 && language.heads.isMultiple(of: language.keyValueHeads),
      "language.heads is no multiple of key_value_heads")
    try check(language.ropeTheta > 0, "language.rope_theta must be positive")
    try check(language.rmsNormEpsilon > 0, "language.rms_norm_epsilon must be positive")
    try check(
      prompt.suffixIds.count <= 8
        && prompt.suffixIds.allSatisfy { 0..<language.vocabularySize ~= $0 },
      "prompt.suffix_ids must be 0 to 8 ids of the vocabulary")
  }

  private func validate(_ router: RouterConfiguration, _ check: Check) throws {
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

  private func validate(_ earlyExit: EarlyExitConfiguration, _ check: Check) throws {
    try check(
      1...language.depth ~= earlyExit.interval,
      "early_exit.interval is not in 1...\(language.depth)")
    try check(
      earlyExit.thresholds.map { $0.count == exitCount - 1 } ?? true,
      "early_exit.thresholds must be one for each of the \(exitCount) exits but the last")
  }

  private func validate(_ head: DiffusionConfiguration, _ check: Check) throws {
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
  }

  private func validate(_ head: ActionTokenConfiguration, _ check: Check) throws {
    try check(2...65536 ~= head.binCount, "action_head.bin_count is not in 2...65536")
    try check(head.tokenCount == Action.width, "action_head.token_count must be 7")
    try check(
      head.firstUnusedId > head.binCount && head.firstUnusedId <= language.vocabularySize,
      "the action tokens leave the vocabulary")
  }
}

/// Refuses a configuration whose requirement does not hold.
private struct Check {
  let file: String

  func callAsFunction(_ holds: Bool, _ problem: @autoclosure () -> String) throws {
    guard holds else { throw PolicyError.badConfiguration(file: file, problem: problem()) }
  }
}
