/// Splits a text into words as GPT-2's regular expression does:
/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
struct WordSplitting {
  static let pattern =
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

  private enum Class { case letter, number, space, other }

  private static let contractions = ["s", "t", "re", "ve", "m", "ll", "d"].map {
    Array($0.unicodeScalars)
  }

  private let scalars: [Unicode.Scalar]
  private let classes: [Class]

  static func words(_ text: [UInt8]) -> [[UInt8]] {
    let splitting = WordSplitting(Array(String(decoding: text, as: UTF8.self).unicodeScalars))
    var words: [[UInt8]] = []
    var start = 0
    while start < splitting.scalars.count {
      let end = splitting.end(from: start)
      words.append(splitting.scalars[start..<end].flatMap { Array(UTF8.encode($0) ?? .init()) })
      start = end
    }
    return words
  }

  private init(_ scalars: [Unicode.Scalar]) {
    self.scalars = scalars
    classes = scalars.map { scalar in
      if scalar.properties.isWhitespace { return .space }
      if scalar.isLetter { return .letter }
      return scalar.isNumber ? .number : .other
    }
  }

  private func end(from start: Int) -> Int {
    if let end = contractionEnd(from: start) { return end }
    // The optional space before a word.
    let first = scalars[start] == " " ? start + 1 : start
    if first < scalars.count, classes[first] != .space { return runEnd(from: first) }
    // The last space before a word belongs to the word.
    let end = runEnd(from: start)
    return end < scalars.count && end - start > 1 ? end - 1 : end
  }

  private func contractionEnd(from start: Int) -> Int? {
    guard scalars[start] == "'" else { return nil }
    let rest = scalars[(start + 1)...]
    return Self.contractions.first { rest.starts(with: $0) }.map { start + 1 + $0.count }
  }

  private func runEnd(from start: Int) -> Int {
    classes[start...].firstIndex { $0 != classes[start] } ?? scalars.count
  }
}

extension Unicode.Scalar {
  fileprivate var isLetter: Bool {
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: false
    }
  }

  /// Any of the categories Nd, Nl and No.
  var isNumber: Bool {
    switch properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: true
    default: false
    }
  }
}
