/// How many of how many experts a token gets, as FactorLLM writes it: `1R4E2K` is one router, four
/// experts, two of them for each token.
package struct ExpertAmount: Equatable, Sendable {
  package let experts: Int
  package let topK: Int

  private static let prefix = "factor:"

  /// - Returns: `nil` for a text of another form, or with several routers: they choose neurons of gate,
  ///   up and down apart, and what is left is no part of the dense block.
  package init?(_ text: String) {
    guard let found = text.wholeMatch(of: /1R([0-9]{1,4})E([0-9]{1,4})K/),
      let experts = Int(found.1), let topK = Int(found.2), (1...max(1, experts)).contains(topK)
    else { return nil }
    (self.experts, self.topK) = (experts, topK)
  }

  /// A method's text in two: what is said of the layers, `dense` where nothing is, and of the experts.
  ///
  /// - Throws: `PolicyError.badMethod`.
  static func split(_ text: String) throws -> (layers: String, experts: ExpertAmount?) {
    let parts = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    guard let last = parts.last, last.hasPrefix(prefix) else { return (text, nil) }
    guard let amount = ExpertAmount(String(last.dropFirst(prefix.count))) else {
      throw PolicyError.badMethod(
        text, problem: "'\(last.dropFirst(prefix.count))' does not say experts as '1R4E2K' does")
    }
    return (parts.count == 1 ? "dense" : String(parts[0]), amount)
  }

  /// The experts of a token of a model that has so many.
  ///
  /// - Throws: `PolicyError.missingPart` for a model that is not cut, or cut otherwise.
  func count(in language: LanguageConfiguration, of method: String) throws -> Int {
    guard language.factorization?.experts == experts else {
      throw PolicyError.missingPart(
        method: method,
        part: "feed-forward blocks in \(experts) experts ('mole checkpoint factorize')")
    }
    return topK
  }
}
