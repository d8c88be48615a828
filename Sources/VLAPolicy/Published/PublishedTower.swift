internal import Checkpoints
internal import TensorMath

/// What the shapes of a published tower's tensors do not say: timm's table of models.
struct PublishedTower {
  let heads: Int
  let mean: [Float]
  let std: [Float]

  static let imageNetMean: [Float] = [0.485, 0.456, 0.406]
  static let imageNetStd: [Float] = [0.229, 0.224, 0.225]

  /// The towers of published policies by timm's names.
  static let policyTowers: [String: PublishedTower] = [
    "vit_large_patch14_reg4_dinov2.lvd142m": dinoLarge,
    "vit_so400m_patch14_siglip_224": siglip,
  ]
  /// Both towers of `dinosiglip-vit-so-224px`, in the order of their channels.
  static let dinoSiglip = [
    "vit_large_patch14_reg4_dinov2.lvd142m", "vit_so400m_patch14_siglip_224",
  ]
  static let dinoLarge = PublishedTower(heads: 16, mean: imageNetMean, std: imageNetStd)
  static let siglip = PublishedTower(
    heads: 16, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5])

  /// Attention heads by the size in timm's names of architectures.
  static let headsBySize = [
    "tiny": 3, "small": 6, "base": 12, "large": 16, "huge": 16, "so400m": 16, "giant": 24,
  ]
}

/// Where a tower's tensors are, and what our configuration calls it.
struct TowerPlace {
  let name: String
  let layout: CheckpointLayout
  /// The tower's path in our configuration, such as `towers.0`.
  let detail: String
}

extension PublishedFolder {
  /// A tower whose sizes are the shapes of its tensors.
  ///
  /// - Parameters:
  ///   - heads: The number of attention heads, which no shape tells.
  ///   - usesLastBlock: Whether features come from the last block; in published policies they
  ///     come from the last but one.
  /// - Throws: `CheckpointError.missingTensor` or `.wrongShape` for a tensor that tells a size.
  mutating func tower(
    _ place: TowerPlace, heads: Found<Int>, mean: Found<[Float]>, std: Found<[Float]>,
    imageSize: Int, usesLastBlock: Bool
  ) throws -> TowerConfiguration {
    let prefix = place.layout.towerPrefix(place.name)
    let detail = place.detail
    let patches = "\(prefix)patch_embed.proj.weight"
    let depth = log.take("\(detail).depth", archive.blockCount("\(prefix)blocks.", "norm1.weight"))
    let hidden = "\(prefix)blocks.0.mlp.fc1.weight"
    var tower = TowerConfiguration(
      name: place.name,
      width: log.take(
        "\(detail).width", try archive.requiredSide(0, of: patches, dimensions: 4)),
      depth: depth, heads: log.take("\(detail).heads", heads),
      mlpWidth: log.take(
        "\(detail).mlp_width", try archive.requiredSide(0, of: hidden, dimensions: 2)),
      patchSize: log.take(
        "\(detail).patch_size", try archive.requiredSide(2, of: patches, dimensions: 4)),
      classToken: log.take(
        "\(detail).class_token", archive.presence(of: "\(prefix)cls_token")),
      registerCount: log.take(
        "\(detail).register_count",
        archive.side(1, of: "\(prefix)reg_token") ?? .standard(0, of: "timm")),
      layerScale: log.take(
        "\(detail).layer_scale",
        archive.presence(of: "\(prefix)blocks.0.ls1.\(place.layout.layerScaleName)")),
      featureBlock: max(0, usesLastBlock ? depth - 1 : depth - 2), normEpsilon: 1e-6,
      activation: .gelu, mean: log.take("\(detail).mean", mean),
      std: log.take("\(detail).std", std))
    try readPositions(of: &tower, prefix: prefix, detail: detail, imageSize: imageSize)
    return tower
  }

  /// Tells from the number of positions whether class token and registers have some of their own,
  /// and which grid the rest are.
  private mutating func readPositions(
    of tower: inout TowerConfiguration, prefix: String, detail: String, imageSize: Int
  ) throws {
    let table = "\(prefix)pos_embed"
    let count = try archive.requiredSide(1, of: table, dimensions: 3).value
    let extra = 0...64 ~= tower.registerCount ? tower.prefixTokenCount : 0
    let grid = tower.patchSize > 0 ? imageSize / tower.patchSize : 0
    let forms =
      [(grid, false), (grid, true)]
      + [(extra, true), (0, false)].compactMap { taken, isPrefixed in
        squareRoot(of: count - taken).map { ($0, isPrefixed) }
      }
    let form = forms.first { side, isPrefixed in
      0...256 ~= side && side * side + (isPrefixed ? extra : 0) == count
    }
    guard let (side, isPrefixed) = form else {
      // The picture's size is not checked yet, and its square may be no number.
      let positions = 0...256 ~= grid ? grid * grid : 0
      throw CheckpointError.wrongShape(
        table, archive: archive.path, expected: [1, positions, tower.width],
        found: try archive.shape(of: table))
    }
    let origin = DetailOrigin.tensor(table)
    tower.positionGrid = log.take(
      "\(detail).position_grid", Found(value: side, origin: origin))
    tower.positionPrefix = log.take(
      "\(detail).position_prefix", Found(value: isPrefixed && extra > 0, origin: origin))
  }
}

/// The whole square root of a square in 1...65536.
private func squareRoot(of number: Int) -> Int? {
  (1...256).first { $0 * $0 == number }
}
