package import Checkpoints
internal import Manipulation

/// What is common to the configurations of a policy, a language model and a vision tower.
package protocol ModelConfiguration: Codable, Sendable {
  /// Every tensor that the model reads, in checkpoint order.
  var parameters: [Parameter] { get }

  /// Each part's size, and its price for so many tokens of text.
  func partCosts(textTokenCount: Int) -> [PartCost]

  /// Checks every number against the others before anything is allocated.
  ///
  /// - Throws: `PolicyError.badConfiguration` with the first thing that is wrong.
  func validate(file: String) throws

  /// Whether a published tensor that nothing reads is to be expected.
  func isUnused(_ tensor: String) -> Bool
}

extension ModelConfiguration {
  /// Checks that an archive holds every tensor in the right shape, linear maps as int8 where it is
  /// quantized; published weights that no part reads are allowed, strangers are not.
  ///
  /// - Throws: `CheckpointError.differentTensors`, with every difference.
  package func check(_ archive: TensorArchive) throws {
    let quantizable = Set(quantizableWeights.map(\.name))
    try archive.check(
      expected: parameters.map { ($0.name, $0.shape) }, allowingInt8: quantizable.contains,
      allowingExtra: isUnused)
  }

  /// The parts that have tensors, with the multiply-accumulates that `macs` gives for each.
  func partCosts(_ macs: MACCount) -> [PartCost] {
    let byPart = Dictionary(grouping: parameters, by: \.part)
    return PolicyPart.allCases.compactMap { part in
      guard byPart[part] != nil || macs[part] > 0 else { return nil }
      let own = byPart[part] ?? []
      return PartCost(
        part: part, parameterCount: own.reduce(0) { $0 + $1.count }, tensorCount: own.count,
        multiplyAccumulates: macs[part])
    }
  }
}

extension Configuration: ModelConfiguration {
  package func isUnused(_ tensor: String) -> Bool {
    unusedPrefixes.contains { tensor.hasPrefix($0) } || language.isPermutation(tensor)
  }

  private var unusedPrefixes: [String] {
    let language = layout.languagePrefix
    return towers.map { layout.towerPrefix($0.name) } + [
      "\(language)lm_head.", layout.routerPrefix, "\(layout.actionHeadPrefix)history_embedder.",
      // CogACT keeps a running mean of the head beside it.
      "ema_diffusion.",
    ]
      + (0..<self.language.depth).flatMap { layer in
        ["mod_router.", "self_attn.rotary_emb."].map { "\(language)model.layers.\(layer).\($0)" }
      }
  }
}
