internal import VLAPolicy

extension Recipe {
  /// Checks that every field is in its range.
  ///
  /// - Throws: `TrainingError.recipeField` for the first that is not.
  package func check() throws {
    try checkStart()
    try checkAmounts()
    try optimizer.check()
    try checkMeans()
    try checkMethod()
    try checkPictures()
  }

  private func checkStart() throws {
    try require(!name.isEmpty, "name", "empty", "a name for the training")
    try require(
      (preset == nil) != (initial == nil), "preset",
      preset == nil ? "missing, as is 'initial'" : "'\(preset ?? "")' beside an 'initial'",
      "given when 'initial' is not, and only then")
    try require(initial != "", "initial", "empty", "a folder")
  }

  private func checkAmounts() throws {
    try require((1...10_000_000).contains(updates), "updates", "\(updates)", "from 1 to 10000000")
    try require((1...256).contains(lanes), "lanes", "\(lanes)", "from 1 to 256")
    try require(
      (1...1024).contains(accumulate), "accumulate", "\(accumulate)", "from 1 to 1024")
    try require(
      (1...65536).contains(batch) && batch % (lanes * accumulate) == 0, "batch", "\(batch)",
      "a multiple of lanes × accumulate (\(lanes * accumulate)), at most 65536")
    try require(
      (1...10_000_000).contains(checkpointEvery), "checkpoint_every", "\(checkpointEvery)",
      "from 1 to 10000000 updates")
    try require(
      (1...10_000_000).contains(validation.every), "validation.every", "\(validation.every)",
      "from 1 to 10000000 updates")
    try require(
      (0...1_000_000).contains(validation.samples), "validation.samples",
      "\(validation.samples)", "from 0 to 1000000")
    try require(
      keep > 0 && keep <= 1024 && (keep <= 1 || keep == keep.rounded()), "keep", "\(keep)",
      "a whole number of layers above 1, or a share in (0, 1]")
    try require(method != .mod || keep <= 1, "keep", "\(keep)", "a share of the tokens, at most 1")
  }

  private func checkMeans() throws {
    if let ema { try require(ema >= 0 && ema < 1, "ema", "\(ema)", "in [0, 1), or null") }
    try require(
      teacherEMA >= 0 && teacherEMA <= 1, "teacher_ema", "\(teacherEMA)", "in [0, 1]")
    try require(
      (1...1024).contains(diffusion.draws), "diffusion.draws", "\(diffusion.draws)",
      "from 1 to 1024")
    try require(
      diffusion.conditionDropout >= 0 && diffusion.conditionDropout < 1,
      "diffusion.condition_dropout", "\(diffusion.conditionDropout)", "in [0, 1)")
  }

  private func checkMethod() throws {
    try require(
      diffusion.regressionWidth > 0 && diffusion.regressionWidth <= 10,
      "diffusion.regression_width", "\(diffusion.regressionWidth)", "positive and at most 10")
    try require(
      star.temperature > 0 && star.temperature <= 1000, "star.temperature",
      "\(star.temperature)", "positive and at most 1000")
    for (field, weight) in [
      ("star.balance_weight", star.balanceWeight), ("distillation.weight", distillation.weight),
      ("exits.auxiliary_weight", exits.auxiliaryWeight),
      ("experts.balance_weight", experts.balanceWeight),
      ("experts.prior_weight", experts.priorWeight),
    ] {
      try require((0...1000).contains(weight), field, "\(weight)", "from 0 to 1000")
    }
    try require(
      (0...1).contains(distillation.reverseShare), "distillation.reverse_share",
      "\(distillation.reverseShare)", "in [0, 1]")
    try require(
      (1...1000).contains(exits.segmentLength), "exits.segment_length",
      "\(exits.segmentLength)", "from 1 to 1000")
    try require(
      experts.priorShrinking > 0 && experts.priorShrinking <= 1, "experts.prior_shrinking",
      "\(experts.priorShrinking)", "in (0, 1]")
    try require(
      (1...1_000_000).contains(data.episodes ?? 1), "data.episodes", "\(data.episodes ?? 1)",
      "from 1 to 1000000")
    try require((0...1).contains(data.margin), "data.margin", "\(data.margin)", "in [0, 1]")
    try require(
      (0...7).contains(data.minimumAngleRange), "data.minimum_angle_range",
      "\(data.minimumAngleRange)", "from 0 to 7 radians")
  }

  private func checkPictures() throws {
    for (field, value) in [
      ("brightness", augmentation.brightness), ("contrast", augmentation.contrast),
      ("saturation", augmentation.saturation),
    ] {
      try require(value >= 0 && value <= 1, "augmentation.\(field)", "\(value)", "in [0, 1]")
    }
    try require(
      (0...64).contains(augmentation.shift), "augmentation.shift", "\(augmentation.shift)",
      "from 0 to 64 pixels")
  }
}

extension OptimizerOptions {
  fileprivate func check() throws {
    func field(_ name: String, _ value: Double, _ range: Range<Double>) throws {
      try require(
        range.contains(value), "optimizer.\(name)", "\(value)",
        "at least \(range.lowerBound) and below \(range.upperBound)")
    }
    try require(
      learningRate > 0 && learningRate < 10, "optimizer.learning_rate", "\(learningRate)",
      "positive and below 10")
    try require(
      routerScale > 0 && routerScale <= 1000, "optimizer.router_scale", "\(routerScale)",
      "positive and at most 1000")
    try require(
      (0...10_000_000).contains(warmup), "optimizer.warmup", "\(warmup)",
      "from 0 to 10000000 updates")
    try field("final_share", finalShare, 0..<1.0000001)
    try field("weight_decay", weightDecay, 0..<10)
    try field("beta1", beta1, 0..<1)
    try field("beta2", beta2, 0..<1)
    try require(
      epsilon > 0 && epsilon < 1, "optimizer.epsilon", "\(epsilon)", "positive and below 1")
    try require(
      clip > 0 && clip <= 1e9, "optimizer.clip", "\(clip)", "a positive length of the gradient")
  }
}

private func require(
  _ condition: Bool, _ field: String, _ value: String, _ expected: String
) throws {
  guard condition else {
    throw TrainingError.recipeField(field, value: value, expected: expected)
  }
}
