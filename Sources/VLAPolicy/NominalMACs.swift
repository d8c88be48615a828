internal import Manipulation

/// Closed formulas of what a query costs, from the layer mask and the shapes alone.
///
/// Attention counts as the full square, a linear map as tokens · in · out; norms, activations,
/// softmax and rotary embedding are left out. A column of its own beside what was executed.
extension Configuration {
  /// - Parameters:
  ///   - shares: The share of the tokens that each layer processed.
  ///   - tokenCount: All tokens of the prefill.
  ///   - textTokenCount: Those that are no picture.
  ///   - expertsPerToken: Of factorized feed-forward blocks; `nil` is as configured.
  func nominalMACs(
    shares: [Float], tokenCount: Int, textTokenCount: Int, selection: any LayerSelection,
    expertsPerToken: Int? = nil
  ) -> MACCount {
    var language = language
    if let expertsPerToken { language.factorization?.topK = expertsPerToken }
    var count = MACCount([.vision: visionMACs, .projector: projectorMACs + gripperMACs])
    count[.languageLayers] = shares.reduce(0) { total, share in
      let tokens = Int((share * Float(tokenCount)).rounded())
      return total + language.layerMACs(tokenCount: tokens)
    }
    if selection is RoutedSelection, let router {
      count[.router] = routerMACs(
        router, tokenCount: tokenCount, textTokenCount: textTokenCount)
    }
    if selection is MixtureOfDepthsSelection {
      count[.router] = shares.count { $0 < 1 } * tokenCount * language.width
    }
    switch actionHead {
    case .diffusion(let head): count[.actionHead] = diffusionMACs(head)
    case .tokens(let head):
      count[.languageHead] = head.tokenCount * language.width * language.vocabularySize
      count[.actionHead] = language.decodingMACs(head, shares: shares, tokenCount: tokenCount)
    }
    return count
  }

  /// The towers up to the block whose output is used, patch embedding included.
  package var visionMACs: Int {
    towers.reduce(0) { $0 + $1.visionMACs(imageSize: image.size) }
  }

  package var projectorMACs: Int {
    let patches = towers.first?.patchCount(imageSize: image.size) ?? 0
    return patches
      * ProjectorKeys(self).layers.reduce(0) { $0 + $1.inputWidth * $1.outputWidth }
  }

  /// STAR as published: all patches are projected, then averaged.
  package func routerMACs(
    _ router: RouterConfiguration, tokenCount: Int, textTokenCount: Int
  ) -> Int {
    if router.kind == .linear { return language.width * language.depth }
    let (width, depth) = (router.width, language.depth)
    let encoder = 4 * width * width + 2 * width * router.feedForwardWidth
    return tokenCount * language.width * width + textTokenCount * encoder
      + 2 * textTokenCount * textTokenCount * width
      + width * router.spatialWidth + router.spatialWidth * depth + width * depth + width
  }

  /// All sampling steps, both conditions where guidance is on.
  package func diffusionMACs(_ head: DiffusionConfiguration) -> Int {
    let (width, tokens) = (head.width, head.chunk + 1)
    let embeddings =
      head.chunk * ActionHead.actionWidth * width + language.width * width
      + DiffusionHeadKeys.timeChannels * width + width * width
    let block = tokens * 12 * width * width + 2 * tokens * tokens * width
    let pass = embeddings + head.depth * block + head.chunk * width * ActionHead.actionWidth
    return head.samplingSteps * (head.guidance > 1 ? 2 : 1) * pass
  }
}

extension TowerConfiguration {
  /// The patch embedding and the blocks up to the one whose output is used.
  package func visionMACs(imageSize: Int) -> Int {
    let patches = patchCount(imageSize: imageSize)
    let tokens = patches + prefixTokenCount
    let linear = 4 * width * width + 2 * width * mlpWidth
    let block = tokens * linear + 2 * tokens * tokens * width
    return (featureBlock + 1) * block + patches * 3 * patchSize * patchSize * width
  }
}

extension LanguageConfiguration {
  /// The linear maps of one layer, for one token.
  package var linearMACs: Int {
    2 * width * queryWidth + 2 * width * keyValueWidth + feedForwardMACs
  }

  /// The feed-forward block of one layer, for one token: all of it, or where it is cut into experts
  /// those that a token gets, and the scores of all.
  package var feedForwardMACs: Int {
    guard let factorization else { return 3 * width * mlpWidth }
    return 3 * width * (mlpWidth / factorization.experts) * factorization.topK
      + width * factorization.experts
  }

  /// One layer over a prefill of `tokenCount` tokens.
  package func layerMACs(tokenCount: Int) -> Int {
    tokenCount * linearMACs + attentionMACs(tokenCount: tokenCount, keyCount: tokenCount)
  }

  /// The attention of one layer: scores and their mixture of values.
  ///
  /// - Parameter keyCount: The tokens that are looked at, those before included.
  func attentionMACs(tokenCount: Int, keyCount: Int) -> Int {
    2 * tokenCount * keyCount * queryWidth
  }

  /// The decoding steps after the prefill, one token each, through the layers that ran.
  fileprivate func decodingMACs(
    _ head: ActionTokenConfiguration, shares: [Float], tokenCount: Int
  ) -> Int {
    (1..<head.tokenCount).reduce(0) { total, step in
      total
        + shares.filter { $0 > 0 }.reduce(0) { sum, share in
          let seen = Int((share * Float(tokenCount)).rounded()) + step
          return sum + linearMACs
            + attentionMACs(tokenCount: 1, keyCount: seen)
        }
    }
  }
}
