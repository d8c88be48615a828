/// Counts as people write them: `9/10` for nine successes of ten trials, `5/10:7/10` for those of two
/// methods at one task.
package enum CountsText {
  /// What is wrong with a text, as the middle of a sentence.
  package struct Mistake: Error, Equatable, CustomStringConvertible {
    package let description: String
  }

  /// Successes of trials, of which there must be some.
  package static func side(_ text: String) throws(Mistake) -> UnpairedTable.Side {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let successes = count(parts[0]), let trials = count(parts[1]) else {
      throw Mistake(
        description: "'\(text)' is no count such as 9/10: successes, a stroke, trials")
    }
    guard trials > 0 else { throw Mistake(description: "'\(text)' has no trials") }
    guard successes <= trials else {
      throw Mistake(description: "'\(text)' has more successes than trials")
    }
    return UnpairedTable.Side(successes, of: trials)
  }

  /// The counts of the first method and of the second at one task.
  package static func table(_ text: String) throws(Mistake) -> UnpairedTable {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw Mistake(
        description: "'\(text)' is no pair of counts such as 5/10:7/10, the first method's first")
    }
    return UnpairedTable(first: try side(String(parts[0])), second: try side(String(parts[1])))
  }

  private static func count(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text),
      number <= largest
    else { return nil }
    return number
  }

  /// Counts above are mistakes.
  package static let largest = 10_000_000
}
