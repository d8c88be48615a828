/// What scores the layers for MoLe: STAR (MoLe-VLA, equations 8-12), or a plain linear map.
package struct RouterConfiguration: Codable, Equatable, Sendable {
  package var kind: RouterKind
  package var width: Int
  package var spatialWidth: Int
  package var heads: Int
  package var feedForwardWidth: Int
  /// How many layers are kept unless the command says otherwise.
  package var keep: Int
  package var input: RouterInput
  package var sharpnessToken: SharpnessToken

  package init(
    kind: RouterKind = .star, width: Int, spatialWidth: Int, heads: Int, feedForwardWidth: Int,
    keep: Int, input: RouterInput, sharpnessToken: SharpnessToken
  ) {
    self.kind = kind
    self.width = width
    self.spatialWidth = spatialWidth
    self.heads = heads
    self.feedForwardWidth = feedForwardWidth
    self.keep = keep
    self.input = input
    self.sharpnessToken = sharpnessToken
  }

  package enum RouterKind: String, CaseIterable, Codable, Sendable {
    case star
    /// One linear map of the mean of all tokens, the plain router that STAR is compared with; its
    /// widths and heads mean nothing.
    case linear
  }

  /// What the router reads.
  package enum RouterInput: String, CaseIterable, Codable, Sendable {
    /// The raw input embeddings, as the paper says.
    case embeddings
    /// The embeddings after the language model's final norm, for the router alone.
    case finalNorm = "final-norm"
    /// As the public code: the normed embeddings also replace the language model's input.
    case `public`
  }

  /// The text token that the sharpness α is computed from.
  package enum SharpnessToken: String, CaseIterable, Codable, Sendable {
    /// The beginning-of-sequence token, as in the public code.
    case first
    /// The last text token.
    case last
  }

  private enum CodingKeys: String, CodingKey {
    case kind
    case width
    case spatialWidth = "spatial_width"
    case heads
    case feedForwardWidth = "feed_forward_width"
    case keep
    case input
    case sharpnessToken = "sharpness_token"
  }
}

extension RouterConfiguration {
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func integer(_ key: CodingKeys) throws -> Int { try values.decode(Int.self, forKey: key) }
    self.init(
      kind: try values.decodeIfPresent(RouterKind.self, forKey: .kind) ?? .star,
      width: try integer(.width), spatialWidth: try integer(.spatialWidth),
      heads: try integer(.heads), feedForwardWidth: try integer(.feedForwardWidth),
      keep: try integer(.keep), input: try values.decode(RouterInput.self, forKey: .input),
      sharpnessToken: try values.decode(SharpnessToken.self, forKey: .sharpnessToken))
  }
}
