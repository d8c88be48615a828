/// A Llama-family decoder.
package struct LanguageConfiguration: Codable, Equatable, Sendable {
  package var width: Int
  package var depth: Int
  package var heads: Int
  package var keyValueHeads: Int
  /// Channels of one head; not always `width / heads`.
  package var headWidth: Int
  package var mlpWidth: Int
  package var vocabularySize: Int
  package var ropeTheta: Float
  /// How positions beyond the length of training are told apart; absent means not at all.
  package var ropeScaling: RopeScaling?
  package var rmsNormEpsilon: Float
  /// Whether the embeddings of tokens also score the next one.
  package var tiedEmbeddings: Bool
  /// How feed-forward blocks are cut into experts; absent means that they are dense.
  package var factorization: FactorizationConfiguration?

  /// - Parameter headWidth: Channels of one head; `nil` shares the width among the heads.
  package init(
    width: Int, depth: Int, heads: Int, keyValueHeads: Int, headWidth: Int? = nil, mlpWidth: Int,
    vocabularySize: Int, ropeTheta: Float, ropeScaling: RopeScaling? = nil,
    rmsNormEpsilon: Float, tiedEmbeddings: Bool = false
  ) {
    self.width = width
    self.depth = depth
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    // Numbers from outside are checked after they are read; until then nothing may trap.
    self.headWidth = headWidth ?? (heads > 0 ? width / heads : 0)
    self.mlpWidth = mlpWidth
    self.vocabularySize = vocabularySize
    self.ropeTheta = ropeTheta
    self.ropeScaling = ropeScaling
    self.rmsNormEpsilon = rmsNormEpsilon
    self.tiedEmbeddings = tiedEmbeddings
  }

  /// Channels of all queries together.
  package var queryWidth: Int { heads * headWidth }
  /// Channels of all keys together, and of all values.
  package var keyValueWidth: Int { keyValueHeads * headWidth }
}

extension LanguageConfiguration {
  private enum CodingKeys: String, CodingKey {
    case width
    case depth
    case heads
    case keyValueHeads = "key_value_heads"
    case headWidth = "head_width"
    case mlpWidth = "mlp_width"
    case vocabularySize = "vocabulary_size"
    case ropeTheta = "rope_theta"
    case ropeScaling = "rope_scaling"
    case rmsNormEpsilon = "rms_norm_epsilon"
    case tiedEmbeddings = "tied_embeddings"
    case factorization
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func integer(_ key: CodingKeys) throws -> Int { try values.decode(Int.self, forKey: key) }
    self.init(
      width: try integer(.width), depth: try integer(.depth), heads: try integer(.heads),
      keyValueHeads: try integer(.keyValueHeads),
      headWidth: try values.decodeIfPresent(Int.self, forKey: .headWidth),
      mlpWidth: try integer(.mlpWidth), vocabularySize: try integer(.vocabularySize),
      ropeTheta: try values.decode(Float.self, forKey: .ropeTheta),
      ropeScaling: try values.decodeIfPresent(RopeScaling.self, forKey: .ropeScaling),
      rmsNormEpsilon: try values.decode(Float.self, forKey: .rmsNormEpsilon),
      tiedEmbeddings: try values.decodeIfPresent(Bool.self, forKey: .tiedEmbeddings) ?? false)
    factorization = try values.decodeIfPresent(
      FactorizationConfiguration.self, forKey: .factorization)
  }
}
