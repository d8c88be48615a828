package import TensorMath

/// A vision transformer in timm's shape (DINOv2 with registers and LayerScale; SigLIP).
package struct TowerConfiguration: Codable, Equatable, Sendable {
  /// The tensor prefix below `vision_backbone.`.
  package var name: String
  package var width: Int
  package var depth: Int
  package var heads: Int
  package var mlpWidth: Int
  package var patchSize: Int
  package var classToken: Bool
  package var registerCount: Int
  package var layerScale: Bool
  /// The block whose output is used; later blocks are not run.
  package var featureBlock: Int
  package var normEpsilon: Float
  package var activation: Activation
  /// Channel statistics of the normalised picture.
  package var mean: [Float]
  package var std: [Float]
  /// Positions along each side of the checkpoint's table; absent means as many as the picture has
  /// patches. A table of another size is resampled, as timm does.
  package var positionGrid: Int?
  /// Whether the table begins with entries for the class token and the registers (timm's
  /// `no_embed_class` is false).
  package var positionPrefix: Bool

  package init(
    name: String, width: Int, depth: Int, heads: Int, mlpWidth: Int, patchSize: Int,
    classToken: Bool, registerCount: Int, layerScale: Bool, featureBlock: Int,
    normEpsilon: Float, activation: Activation, mean: [Float], std: [Float],
    positionGrid: Int? = nil, positionPrefix: Bool = false
  ) {
    self.name = name
    self.width = width
    self.depth = depth
    self.heads = heads
    self.mlpWidth = mlpWidth
    self.patchSize = patchSize
    self.classToken = classToken
    self.registerCount = registerCount
    self.layerScale = layerScale
    self.featureBlock = featureBlock
    self.normEpsilon = normEpsilon
    self.activation = activation
    self.mean = mean
    self.std = std
    self.positionGrid = positionGrid
    self.positionPrefix = positionPrefix
  }

  package var prefixTokenCount: Int { (classToken ? 1 : 0) + registerCount }

  /// The number of patches of a square picture, of which the patch size is a divisor.
  package func patchCount(imageSize: Int) -> Int {
    (imageSize / patchSize) * (imageSize / patchSize)
  }

  /// The rows of the checkpoint's table of positions.
  func positionCount(imageSize: Int) -> Int {
    let grid = positionGrid ?? imageSize / patchSize
    return grid * grid + (positionPrefix ? prefixTokenCount : 0)
  }
}

extension TowerConfiguration {
  private enum CodingKeys: String, CodingKey {
    case name
    case width
    case depth
    case heads
    case mlpWidth = "mlp_width"
    case patchSize = "patch_size"
    case classToken = "class_token"
    case registerCount = "register_count"
    case layerScale = "layer_scale"
    case featureBlock = "feature_block"
    case normEpsilon = "norm_epsilon"
    case activation
    case mean
    case std
    case positionGrid = "position_grid"
    case positionPrefix = "position_prefix"
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func integer(_ key: CodingKeys) throws -> Int { try values.decode(Int.self, forKey: key) }
    func truth(_ key: CodingKeys) throws -> Bool { try values.decode(Bool.self, forKey: key) }
    self.init(
      name: try values.decode(String.self, forKey: .name), width: try integer(.width),
      depth: try integer(.depth), heads: try integer(.heads), mlpWidth: try integer(.mlpWidth),
      patchSize: try integer(.patchSize), classToken: try truth(.classToken),
      registerCount: try integer(.registerCount), layerScale: try truth(.layerScale),
      featureBlock: try integer(.featureBlock),
      normEpsilon: try values.decode(Float.self, forKey: .normEpsilon),
      activation: try values.decode(Activation.self, forKey: .activation),
      mean: try values.decode([Float].self, forKey: .mean),
      std: try values.decode([Float].self, forKey: .std),
      positionGrid: try values.decodeIfPresent(Int.self, forKey: .positionGrid),
      positionPrefix: try values.decodeIfPresent(Bool.self, forKey: .positionPrefix) ?? false)
  }
}
