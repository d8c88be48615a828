/// A method as the command names it: `dense`, `mole:8`, `truncate:0.5`, `mod:0.5`, …, and for a
/// checkpoint whose feed-forward blocks are factorized `factor:1R4E2K` or `mole:8+factor:1R4E2K`.
package struct LayerMethod: Equatable, Sendable {
  /// The kinds of methods, by the names that the command takes.
  package enum Kind: String, CaseIterable, Sendable {
    case dense
    case mole
    case earlyExit = "early-exit"
    case truncate
    case random
    case `static`
    case mixtureOfDepths = "mod"
  }

  /// The text that was given; the method's name in tables.
  package let name: String
  package let kind: Kind
  /// The share of the layers (of the tokens, for `mod`) that runs, in (0, 1].
  package let share: Double
  /// Experts of each token; `nil` is all of them.
  package let experts: ExpertAmount?

  /// Parses `kind` or `kind:amount`, `factor:xRxExK`, or both with a `+` between; the amount is a number of layers, or with a point or percent
  /// sign a share.
  ///
  /// - Parameter keep: The share where the text gives none.
  /// - Throws: `PolicyError.badMethod`.
  package init(_ text: String, keep: Double, depth: Int) throws {
    let (layers, experts) = try ExpertAmount.split(text)
    self.experts = experts
    let parts = layers.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let kind = parts.first.flatMap({ Kind(rawValue: String($0)) }) else {
      let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw PolicyError.badMethod(text, problem: "the kinds are \(known), factor")
    }
    name = text
    self.kind = kind
    guard parts.count == 2 else {
      share = kind == .dense ? 1 : keep
      try check(share)
      return
    }
    guard kind != .dense else {
      throw PolicyError.badMethod(text, problem: "'dense' takes no amount")
    }
    share = try LayerMethod.share(String(parts[1]), of: depth, kind: kind, method: text)
    try check(share)
  }

  /// The experts of each token of a factorized model, all where the method says nothing, so that
  /// `dense` is the dense model; `nil` for a model whose blocks are whole.
  ///
  /// - Throws: `PolicyError.missingPart` for experts that the model does not have.
  package func expertsPerToken(in language: LanguageConfiguration) throws -> Int? {
    try experts?.count(in: language, of: name) ?? language.factorization?.experts
  }

  /// The number of layers that run in a model of `depth` layers.
  package func layerCount(depth: Int) -> Int {
    min(depth, max(1, Int((share * Double(depth)).rounded())))
  }

  private func check(_ share: Double) throws {
    guard share > 0, share <= 1 else {
      throw PolicyError.badMethod(name, problem: "the share \(share) is not in (0, 1]")
    }
  }

  private static func share(
    _ amount: String, of depth: Int, kind: Kind, method: String
  ) throws -> Double {
    if amount.hasSuffix("%"), let percent = Double(amount.dropLast()) { return percent / 100 }
    if amount.contains(".") || kind == .mixtureOfDepths, let share = Double(amount) {
      return share
    }
    guard let count = Int(amount), 1...depth ~= count else {
      throw PolicyError.badMethod(
        method, problem: "'\(amount)' is neither a number of layers in 1...\(depth) nor a share")
    }
    return Double(count) / Double(depth)
  }
}
