/// How the diffusion head's loss is drawn.
package struct DiffusionOptions: Codable, Equatable, Sendable {
  /// Draws of noise and step for each sample.
  package var draws = 8
  /// The share of draws that see no condition.
  package var conditionDropout = 0.1
  /// Whether steps after the end of an episode are no part of the loss.
  package var masksPadding = true

  package init() {}

  private enum CodingKeys: String, CodingKey {
    case draws
    case conditionDropout = "condition_dropout"
    case masksPadding = "mask_padding"
  }
}
