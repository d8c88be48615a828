/// Refuses a configuration whose requirement does not hold.
struct ConfigurationCheck {
  let file: String

  func callAsFunction(_ holds: Bool, _ problem: @autoclosure () -> String) throws {
    guard holds else { throw PolicyError.badConfiguration(file: file, problem: problem()) }
  }
}

extension ImageConfiguration {
  func validate(_ check: ConfigurationCheck) throws {
    try check(1...2048 ~= size, "image.size \(size) is not in 1...2048")
    try check(
      centerCrop > 0 && centerCrop <= 1, "image.center_crop \(centerCrop) is not in (0, 1]")
  }
}

extension TowerConfiguration {
  /// Patches of one picture. Attention takes the square of it, so that larger numbers are no
  /// policy but a way to exhaust the memory.
  private static let patchLimit = 4096

  /// - Precondition: `imageSize` is checked already.
  func validate(imageSize: Int, _ check: ConfigurationCheck) throws {
    try check(
      !name.isEmpty
        && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") },
      "towers '\(name)': the name must be letters, digits and underscores")
    try validateWidths(check)
    try validatePositions(imageSize: imageSize, check)
    try check(normEpsilon > 0, "towers '\(name)': norm_epsilon must be positive")
    try check(
      mean.count == 3 && mean.allSatisfy(\.isFinite)
        && std.count == 3 && std.allSatisfy { $0 > 0 && $0.isFinite },
      "towers '\(name)': mean and std need three values, std above 0")
  }

  private func validateWidths(_ check: ConfigurationCheck) throws {
    let tower = "towers '\(name)'"
    try check(1...16384 ~= width, "\(tower): width is not in 1...16384")
    try check(1...65536 ~= mlpWidth, "\(tower): mlp_width is not in 1...65536")
    try check(1...256 ~= depth, "\(tower): depth is not in 1...256")
    try check(
      heads > 0 && width.isMultiple(of: heads),
      "\(tower): width \(width) is no multiple of \(heads) heads")
    try check(0...64 ~= registerCount, "\(tower): register_count is not in 0...64")
    try check(0..<depth ~= featureBlock, "\(tower): feature_block is no block")
  }

  private func validatePositions(imageSize: Int, _ check: ConfigurationCheck) throws {
    let tower = "towers '\(name)'"
    try check(
      patchSize > 0 && imageSize.isMultiple(of: patchSize),
      "\(tower): image.size \(imageSize) is no multiple of patch_size \(patchSize)")
    try check(
      patchCount(imageSize: imageSize) <= TowerConfiguration.patchLimit,
      "\(tower): patch_size \(patchSize) cuts the picture into more than "
        + "\(TowerConfiguration.patchLimit) patches")
    try check(
      positionGrid.map { 1...256 ~= $0 } ?? true, "\(tower): position_grid is not in 1...256")
  }
}

extension LanguageConfiguration {
  func validate(_ check: ConfigurationCheck) throws {
    try check(2...32768 ~= width, "language.width is not in 2...32768")
    try check(1...512 ~= depth, "language.depth is not in 1...512")
    try check(1...131_072 ~= mlpWidth, "language.mlp_width is not in 1...131072")
    try check(
      2...1_000_000 ~= vocabularySize, "language.vocabulary_size is not in 2...1000000")
    try check(1...1024 ~= heads, "language.heads is not in 1...1024")
    try check(
      keyValueHeads > 0 && heads.isMultiple(of: keyValueHeads),
      "language.heads is no multiple of key_value_heads")
    try check(
      2...1024 ~= headWidth && headWidth.isMultiple(of: 2),
      "language.head_width \(headWidth) is no even head width in 2...1024")
    try check(ropeTheta > 0, "language.rope_theta must be positive")
    if let ropeScaling { try ropeScaling.validate(check) }
    if let factorization { try factorization.validate(neurons: mlpWidth, check) }
    try check(rmsNormEpsilon > 0, "language.rms_norm_epsilon must be positive")
  }
}

extension FactorizationConfiguration {
  fileprivate func validate(neurons: Int, _ check: ConfigurationCheck) throws {
    try check(
      1...1024 ~= experts && neurons.isMultiple(of: experts),
      "language.factorization.experts: \(experts) experts do not share \(neurons) neurons evenly")
    try check(
      1...experts ~= topK, "language.factorization.top_k \(topK) is not in 1...\(experts)")
    try check(
      scale > 0 && scale.isFinite, "language.factorization.scale \(scale) is not positive")
  }
}

extension RopeScaling {
  fileprivate func validate(_ check: ConfigurationCheck) throws {
    try check(
      factor > 0 && factor.isFinite && lowFrequencyFactor > 0
        && highFrequencyFactor > lowFrequencyFactor && highFrequencyFactor.isFinite
        && 1...(1 << 30) ~= originalLength,
      "language.rope_scaling needs a positive factor, low_freq_factor below high_freq_factor, and "
        + "original_max_position_embeddings")
  }
}
