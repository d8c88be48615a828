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
    let table = PositionTable(
      try loader.matrix(keys.positions, columns: tower.width), tower: tower, imageSize: imageSize)
    positions = table.patches
    let prefixes = try [keys.classToken, keys.registers].compactMap { key in
      try key.map { try loader.matrix($0, columns: tower.width) }
    }
    var prefix = prefixes.dropFirst().reduce(prefixes.first) { $0?.appending($1) }
    if let entries = table.prefix { prefix?.add(entries) }
    self.prefix = prefix
    blocks = try keys.blocks.map { try EncoderBlock($0, tower: tower, loader: loader) }
  }

  /// - Parameter pictures: Of each picture the pixels, `[3, imageSize, imageSize]`, normalised for
  ///   this tower.
  /// - Returns: Patch features, `[pictureCount * patchCount, width]`.
  package func callAsFunction(
    _ pictures: [[Float]], counting counter: inout MACCounter
  ) -> Matrix {
    var tokens = embed(pictures, counting: &counter)
    var scratch = scratch
    for block in blocks.indices {
      run(
        block, on: &tokens, pictureCount: pictures.count, scratch: &scratch, counting: &counter)
    }
    let prefixCount = configuration.prefixTokenCount
    return Matrix(
      stacking: tokens.split(into: pictures.count).map { $0.rows(prefixCount..<$0.rows) })
  }

  /// Memory for running this tower's blocks.
  var scratch: LayerScratch { LayerScratch(blocks.first?.precision ?? .float32) }

  /// The number of blocks that run.
  var depth: Int { blocks.count }

  /// The products of the blocks, with nothing between them.
  var bareProducts: BareProducts {
    BareProducts(
      blocks.flatMap(\.products),
      tokenCount: configuration.prefixTokenCount + configuration.patchCount(imageSize: imageSize))
  }

  /// - Returns: What enters the first block,
  ///   `[pictureCount * (prefixTokenCount + patchCount), width]`.
  func embed(_ pictures: [[Float]], counting counter: inout MACCounter) -> Matrix {
    let all = patches(pictures, imageSize: imageSize, counting: &counter)
    return Matrix(
      stacking: all.split(into: pictures.count).map { tokens in
        var tokens = tokens
        tokens.add(positions)
        return prefix?.appending(tokens) ?? tokens
      })
  }

  /// Runs one block over all tokens, in place.
  func run(
    _ block: Int, on tokens: inout Matrix, pictureCount: Int = 1, scratch: inout LayerScratch,
    counting counter: inout MACCounter
  ) {
    blocks[block](
      &tokens, sequenceCount: pictureCount, scratch: &scratch, counting: &counter)
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
