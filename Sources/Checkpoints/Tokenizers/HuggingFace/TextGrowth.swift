/// How much longer a text may become on its way through a tokenizer.
///
/// A file from outside could ask for replacements that double the text again and again; the growth
/// of all steps together is bounded when the file is read, so that use needs no check.
enum TextGrowth {
  /// The most that all steps together may lengthen a text. Llama's bound is 16.
  static let limit = 256

  /// The bound when `pattern` is replaced by `replacement`.
  static func ofReplacing(_ pattern: [UInt8], with replacement: [UInt8]) -> Int {
    replacement.count / max(1, pattern.count) + 1
  }

  /// The bound of steps one after the other; stays near the limit where it would exceed it.
  static func ofSequence(_ growths: some Sequence<Int>) -> Int {
    growths.reduce(1) { min($0 * min($1, limit + 1), limit + 1) }
  }

  /// - Throws: `TokenizerFault.badField` beyond the limit.
  static func check(_ growth: Int, _ field: String) throws(TokenizerFault) {
    guard growth <= limit else {
      throw .badField(field, expected: "steps that lengthen a text at most \(limit) times")
    }
  }
}

extension TextNormalizer {
  var growth: Int {
    switch self {
    case .sequence(let parts): TextGrowth.ofSequence(parts.map(\.growth))
    case .prepend(let prefix): prefix.count + 1
    case .replace(let pattern, let replacement):
      TextGrowth.ofReplacing(pattern, with: replacement)
    case .strip: 1
    // Unicode's own bounds for UTF-8 (https://unicode.org/faq/normalization.html).
    case .lowercase, .canonical: 3
    case .compatible: 11
    }
  }
}

extension PreTokenizer {
  var growth: Int {
    switch self {
    case .sequence(let parts): TextGrowth.ofSequence(parts.map(\.growth))
    case .metaspace(let replacement, _, _): 2 * replacement.count + 1
    case .byteLevel: 4
    case .digits, .words: 1
    }
  }
}

extension TokenDecoder {
  var growth: Int {
    switch self {
    case .sequence(let parts): TextGrowth.ofSequence(parts.map(\.growth))
    case .replace(let pattern, let replacement):
      TextGrowth.ofReplacing(pattern, with: replacement)
    case .metaspace(let replacement, _): TextGrowth.ofReplacing(replacement, with: [0x20])
    case .byteFallback, .fuse, .strip: 1
    case .byteLevel: 3
    }
  }
}
