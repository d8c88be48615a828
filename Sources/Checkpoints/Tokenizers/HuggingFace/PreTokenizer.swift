/// How a `tokenizer.json` splits a text into the words within which pieces merge.
indirect enum PreTokenizer: Sendable {
  enum Prefix: String, Sendable { case always, first, never }

  case sequence([PreTokenizer])
  case metaspace(replacement: [UInt8], prefix: Prefix, splits: Bool)
  case byteLevel(addsSpace: Bool, splits: Bool)
  case digits(individual: Bool)
  /// GPT-2's words.
  case words

  init(_ fields: JSONFields) throws(TokenizerFault) {
    switch try fields.type() {
    case "Sequence":
      var parts: [PreTokenizer] = []
      for part in try fields.list("pretokenizers") { parts.append(try PreTokenizer(part)) }
      self = .sequence(parts)
    case "Metaspace":
      self = .metaspace(
        replacement: try fields.bytes("replacement").utf8, prefix: try Self.prefix(fields),
        splits: try fields.flag("split", default: true))
    case "ByteLevel":
      self = .byteLevel(
        addsSpace: try fields.flag("add_prefix_space", default: true),
        splits: try fields.flag("use_regex", default: true))
    case "Digits":
      self = .digits(individual: try fields.flag("individual_digits", default: false))
    case "Split": self = try Self.split(fields)
    case let other: throw .unsupported("the pre-tokenizer '\(other)'")
    }
  }

  /// When a Metaspace adds its prefix; older files say `add_prefix_space`.
  static func prefix(_ fields: JSONFields) throws(TokenizerFault) -> Prefix {
    guard fields.object.contains("prepend_scheme") else {
      return try fields.flag("add_prefix_space", default: true) ? .always : .never
    }
    guard let prefix = Prefix(rawValue: try fields.string("prepend_scheme")) else {
      throw .badField(fields.path("prepend_scheme"), expected: "'always', 'first' or 'never'")
    }
    return prefix
  }

  private static func split(_ fields: JSONFields) throws(TokenizerFault) -> PreTokenizer {
    let pattern = try fields.fields("pattern")
    guard pattern.object["Regex"]?.string == WordSplitting.pattern,
      try fields.string("behavior") == "Isolated",
      try !fields.flag("invert", default: false)
    else { throw .unsupported("a pattern to split at other than GPT-2's ('\(pattern.path)')") }
    return .words
  }

  /// Whether a Metaspace prefixes only the beginning of the whole text.
  var prefixesFirst: Bool {
    switch self {
    case .sequence(let parts): parts.contains(where: \.prefixesFirst)
    case .metaspace(_, let prefix, _): prefix == .first
    case .byteLevel, .digits, .words: false
    }
  }

  /// Splits words further.
  ///
  /// - Parameter isFirst: Whether the first word begins the whole text.
  func apply(to words: [[UInt8]], isFirst: Bool) -> [[UInt8]] {
    if case .sequence(let parts) = self {
      return parts.reduce(words) { $1.apply(to: $0, isFirst: isFirst) }
    }
    return words.enumerated().flatMap { index, word in
      split(word, isFirst: isFirst && index == 0).filter { !$0.isEmpty }
    }
  }

  private func split(_ word: [UInt8], isFirst: Bool) -> [[UInt8]] {
    guard !word.isEmpty else { return [] }
    switch self {
    case .sequence: return [word]
    case .metaspace(let replacement, let prefix, let splits):
      var text = word.replacing([0x20], with: replacement)
      let adds = prefix == .always || prefix == .first && isFirst
      if adds, !text.starts(with: replacement) { text = replacement + text }
      return splits ? Self.cut(text, before: replacement) : [text]
    case .byteLevel(let addsSpace, let splits):
      let text = addsSpace && word.first != 0x20 ? [0x20] + word : word
      return (splits ? WordSplitting.words(text) : [text]).map(ByteLevel.encode)
    case .digits(let individual): return Self.cutDigits(word, individual: individual)
    case .words: return WordSplitting.words(word)
    }
  }

  private static func cut(_ text: [UInt8], before mark: [UInt8]) -> [[UInt8]] {
    guard !mark.isEmpty else { return [text] }
    var words: [[UInt8]] = [[]]
    var position = 0
    while position < text.count {
      if text[position...].starts(with: mark) {
        words.append(mark)
        position += mark.count
      } else {
        words[words.count - 1].append(text[position])
        position += 1
      }
    }
    return words
  }

  private static func cutDigits(_ word: [UInt8], individual: Bool) -> [[UInt8]] {
    var words: [[UInt8]] = [[]]
    var followsNumber = false
    for scalar in String(decoding: word, as: UTF8.self).unicodeScalars {
      if scalar.isNumber != followsNumber || scalar.isNumber && individual { words.append([]) }
      words[words.count - 1] += Array(UTF8.encode(scalar) ?? .init())
      followsNumber = scalar.isNumber
    }
    return words
  }
}
