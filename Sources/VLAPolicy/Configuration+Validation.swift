extension Configuration {
  /// Checks every number against the others before anything is allocated.
  ///
  /// - Throws: `PolicyError.badConfiguration` with the first thing that is wrong.
  package func validate(file: String) throws {
    // Group by group: those that follow compute with what is checked by then.
    try check(languageRequirements, file: file)
    try check(general, file: file)
    try check(towers.flatMap(requirements(of:)), file: file)
    try check(routerRequirements, file: file)
    try check(headRequirements, file: file)
  }

  private func check(_ requirements: [(problem: String, holds: Bool)], file: String) throws {
    for (problem, holds) in requirements where !holds {
      throw PolicyError.badConfiguration(file: file, problem: problem)
    }
  }

  private var general: [(String, Bool)] {
    [
      ("model_type is '\(modelType)', not 'mole'", modelType == Configuration.modelType),
      ("format_version is \(formatVersion), this program reads 1", formatVersion == 1),
      ("image.size \(image.size) is not in 1...2048", 1...2048 ~= image.size),
      ("there are \(towers.count) towers, 1 to 4 are possible", 1...4 ~= towers.count),
      (
        "the towers have unequal patch counts",
        Set(towers.map { image.size / max($0.patchSize, 1) }).count == 1
      ),
      ("projector.hidden_width is not in 1...65536", 1...65536 ~= projector.hiddenWidth),
      (
        "prompt.suffix_ids must be 0 to 8 ids of the vocabulary",
        prompt.suffixIds.count <= 8
          && prompt.suffixIds.allSatisfy { 0..<language.vocabularySize ~= $0 }
      ),
    ]
  }

  private func requirements(of tower: TowerConfiguration) -> [(String, Bool)] {
    let name = "towers '\(tower.name)'"
    return [
      ("\(name): width is not in 1...16384", 1...16384 ~= tower.width),
      ("\(name): mlp_width is not in 1...65536", 1...65536 ~= tower.mlpWidth),
      ("\(name): depth is not in 1...256", 1...256 ~= tower.depth),
      (
        "\(name): width \(tower.width) is no multiple of \(tower.heads) heads",
        tower.heads > 0 && tower.width.isMultiple(of: tower.heads)
      ),
      (
        "\(name): image.size \(image.size) is no multiple of patch_size \(tower.patchSize)",
        tower.patchSize > 0 && image.size.isMultiple(of: tower.patchSize)
      ),
      ("\(name): register_count is not in 0...64", 0...64 ~= tower.registerCount),
      ("\(name): feature_block is no block", 0..<max(tower.depth, 1) ~= tower.featureBlock),
      ("\(name): norm_epsilon must be positive", tower.normEpsilon > 0),
      (
        "\(name): mean and std need three values, std above 0",
        tower.mean.count == 3 && tower.std.count == 3 && tower.std.allSatisfy { $0 > 0 }
      ),
      (
        "\(name): the name must be letters, digits and underscores",
        !tower.name.isEmpty
          && tower.name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
      ),
    ]
  }

  private var languageRequirements: [(String, Bool)] {
    [
      ("language.width is not in 2...32768", 2...32768 ~= language.width),
      ("language.depth is not in 1...512", 1...512 ~= language.depth),
      ("language.mlp_width is not in 1...131072", 1...131_072 ~= language.mlpWidth),
      (
        "language.vocabulary_size is not in 2...1000000",
        2...1_000_000 ~= language.vocabularySize
      ),
      (
        "language.width \(language.width) over \(language.heads) heads is no even head width",
        language.heads > 0 && language.width.isMultiple(of: language.heads)
          && (language.width / language.heads).isMultiple(of: 2)
      ),
      (
        "language.heads is no multiple of key_value_heads",
        language.keyValueHeads > 0 && language.heads.isMultiple(of: language.keyValueHeads)
      ),
      ("language.rope_theta must be positive", language.ropeTheta > 0),
      ("language.rms_norm_epsilon must be positive", language.rmsNormEpsilon > 0),
    ]
  }

  private var routerRequirements: [(String, Bool)] {
    var all: [(String, Bool)] = []
    if let router {
      all += [
        ("router.width is not in 1...16384", 1...16384 ~= router.width),
        ("router.spatial_width is not in 1...16384", 1...16384 ~= router.spatialWidth),
        (
          "router.feed_forward_width is not in 1...65536", 1...65536 ~= router.feedForwardWidth
        ),
        (
          "router.width is no multiple of router.heads",
          router.heads > 0 && router.width.isMultiple(of: router.heads)
        ),
        ("router.keep is not in 1...\(language.depth)", 1...language.depth ~= router.keep),
      ]
    }
    if let earlyExit {
      all += [
        (
          "early_exit.interval is not in 1...\(language.depth)",
          1...language.depth ~= earlyExit.interval
        ),
        (
          "early_exit.thresholds must be one for each of the \(exitCount) exits but the last",
          earlyExit.thresholds.map { $0.count == exitCount - 1 } ?? true
        ),
      ]
    }
    if let staticOrder {
      all.append(
        (
          "static_order must name each of the \(language.depth) layers once",
          staticOrder.sorted() == Array(0..<language.depth)
        ))
    }
    return all
  }

  /// The number of early exits, the last layer included.
  package var exitCount: Int {
    guard let interval = earlyExit?.interval, interval > 0 else { return 0 }
    return language.depth / interval + (language.depth.isMultiple(of: interval) ? 0 : 1)
  }

  private var headRequirements: [(String, Bool)] {
    switch actionHead {
    case .diffusion(let head):
      [
        ("action_head.width is not in 1...16384", 1...16384 ~= head.width),
        ("action_head.depth is not in 1...256", 1...256 ~= head.depth),
        (
          "action_head.width is no multiple of action_head.heads",
          head.heads > 0 && head.width.isMultiple(of: head.heads)
        ),
        ("action_head.chunk is not in 1...256", 1...256 ~= head.chunk),
        ("action_head.diffusion_steps is not in 1...10000", 1...10000 ~= head.diffusionSteps),
        (
          "action_head.sampling_steps \(head.samplingSteps) cannot be spaced evenly over "
            + "\(head.diffusionSteps) steps",
          // Searched only among numbers that are in range.
          1...10000 ~= head.diffusionSteps
            && NoiseSchedule.timeSteps(sampling: head.samplingSteps, of: head.diffusionSteps)
              != nil
        ),
        ("action_head.guidance is not finite", head.guidance.isFinite),
      ]
    case .tokens(let head):
      [
        ("action_head.bin_count is not in 2...65536", 2...65536 ~= head.binCount),
        ("action_head.token_count must be 7", head.tokenCount == 7),
        (
          "the action tokens leave the vocabulary",
          head.firstUnusedId > head.binCount && head.firstUnusedId <= language.vocabularySize
        ),
      ]
    }
  }
}
