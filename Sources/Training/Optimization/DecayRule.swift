internal import Manipulation
package import VLAPolicy

extension Parameter {
  /// Whether weight decay pulls it towards 0: matrices of linear maps and convolutions do, norms,
  /// biases, and embeddings of tokens, positions and missing conditions do not.
  var decays: Bool {
    let isEmbedding = Parameter.embeddings.contains { name.hasSuffix($0) }
    return !isEmbedding && shape.count { $0 > 1 } >= 2
  }

  private static let embeddings = [
    "embed_tokens.weight", "pos_embed", "positional_embedding", "cls_token", "reg_token",
    "uncondition",
  ]
}

/// Neighbouring parameters that are treated alike.
struct ParameterGroup: Equatable, Sendable {
  var range: Range<Int>
  var decays: Bool
  /// Whether they are the layer router's.
  var routes: Bool

  /// All parameters in their order, neighbours of one kind together.
  static func all(of layout: ParameterLayout) -> [ParameterGroup] {
    var groups: [ParameterGroup] = []
    var start = 0
    for parameter in layout.parameters {
      let range = start..<start + parameter.count
      start = range.upperBound
      let group = ParameterGroup(
        range: range, decays: parameter.decays, routes: parameter.part == .router)
      if let last = groups.last, last.decays == group.decays, last.routes == group.routes {
        groups[groups.count - 1].range = last.range.lowerBound..<range.upperBound
      } else {
        groups.append(group)
      }
    }
    return groups
  }
}

extension ParameterLayout {
  /// The tensors that weight decay pulls towards 0.
  package var decayingNames: [String] { parameters.filter(\.decays).map(\.name) }
}
