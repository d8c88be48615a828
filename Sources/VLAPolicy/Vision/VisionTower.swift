internal import NeuralLayers
package import TensorMath

/// A vision transformer whose patch tokens after one block are the features (DINOv2 with registers
/// and LayerScale, SigLIP; timm's `VisionTransformer`).
///
/// Later blocks, the final norm and the pooling head are dead weight and not run.
package struct VisionTower: Sendable {
  package let configuration: TowerConfiguration
  private let imageSize: Int
  private let patches: PatchEmbedding
  private let positions: Matrix
  private let prefix: Matrix?
  private let blocks: [EncoderBlock]

  init(_ tower: TowerConfiguration, keys: TowerKeys, imageSize: Int, loader: ParameterLoader) throws
  {
    configuration = tower
    self.imageSize = imageSize
    patches = PatchEmbedding(
      projection: try loader.linear(keys.patches, quantizing: false), patchSize: tower.patchSize)
    positions = try loader.matrix(keys.positions, columns: tower.width)
    let prefixes = try [keys.classToken, keys.registers].compactMap { key in
      try key.map { try loader.matrix($0, columns: tower.width) }
    }
    prefix = prefixes.dropFirst().reduce(prefixes.first) { $0?.appending($1) }
    blocks = try keys.blocks.map { try EncoderBlock($0, tower: tower, loader: loader) }
  }

  /// - Parameter pixels: `[3, imageSize, imageSize]`, normalised for this tower.
  /// - Returns: Patch features, `[patchCount, width]`.
  package func callAsFunction(_ pixels: [Float], counting counter: inout MACCounter) -> Matrix {
    var tokens = patches(pixels, imageSize: imageSize, counting: &counter)
    tokens.add(positions)
    if let prefix { tokens = prefix.appending(tokens) }
    var scratch = LayerScratch(blocks.first?.precision ?? .float32)
    for block in blocks { block(&tokens, scratch: &scratch, counting: &counter) }
    return tokens.rows(configuration.prefixTokenCount..<tokens.rows)
  }
}

extension EncoderBlock {
  /// A block of a vision tower, with LayerScale where the tower has it.
  init(_ keys: VisionBlockKeys, tower: TowerConfiguration, loader: ParameterLoader) throws {
    self.init(
      attentionNorm: try loader.norm(keys.attentionNorm, epsilon: tower.normEpsilon),
      attention: SelfAttention(
        jointProjection: try loader.linear(keys.jointProjection),
        outputProjection: try loader.linear(keys.outputProjection), headCount: tower.heads),
      attentionScale: try keys.attentionScale.map(loader.vector),
      feedForwardNorm: try loader.norm(keys.feedForwardNorm, epsilon: tower.normEpsilon),
      feedForward: FeedForward(
        [try loader.linear(keys.expand), try loader.linear(keys.contract)],
        activation: tower.activation),
      feedForwardScale: try keys.feedForwardScale.map(loader.vector))
  }
}
