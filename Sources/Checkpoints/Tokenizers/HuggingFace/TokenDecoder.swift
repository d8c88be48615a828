/// How a `tokenizer.json` turns pieces back into text.
indirect enum TokenDecoder: Sendable {
  case sequence([TokenDecoder])
  case replace([UInt8], with: [UInt8])
  case byteFallback
  case fuse
  case strip([UInt8], start: Int, stop: Int)
  case metaspace(replacement: [UInt8], dropsFirst: Bool)
  case byteLevel

  init(_ fields: JSONFields) throws(TokenizerFault) {
    switch try fields.type() {
    case "Sequence":
      var parts: [TokenDecoder] = []
      for part in try fields.list("decoders") { parts.append(try TokenDecoder(part)) }
      self = .sequence(parts)
    case "Replace":
      self = .replace(try fields.textPattern(), with: try fields.bytes("content").utf8)
    case "ByteFallback": self = .byteFallback
    case "Fuse": self = .fuse
    case "Strip":
      self = .strip(
        try fields.bytes("content").utf8, start: try fields.integer("start"),
        stop: try fields.integer("stop"))
    case "Metaspace":
      self = .metaspace(
        replacement: try fields.bytes("replacement").utf8,
        dropsFirst: try PreTokenizer.prefix(fields) != .never)
    case "ByteLevel": self = .byteLevel
    case let other: throw .unsupported("the decoder '\(other)'")
    }
  }

  func apply(to tokens: [[UInt8]]) -> [[UInt8]] {
    switch self {
    case .sequence(let parts): return parts.reduce(tokens) { $1.apply(to: $0) }
    case .replace(let pattern, let replacement):
      return tokens.map { $0.replacing(pattern, with: replacement) }
    case .byteFallback: return Self.joinBytes(tokens)
    case .fuse: return [Array(tokens.joined())]
    case .strip(let content, let start, let stop):
      return tokens.map { Self.strip($0, content, start: start, stop: stop) }
    case .metaspace(let replacement, let dropsFirst):
      return tokens.enumerated().map { index, token in
        token.replacing(replacement, with: dropsFirst && index == 0 ? [] : [0x20])
      }
    case .byteLevel:
      let bytes = tokens.flatMap(ByteLevel.decode)
      return [Array(String(decoding: bytes, as: UTF8.self).utf8)]
    }
  }

  /// Joins runs of byte pieces into characters, or U+FFFD for each byte of a run that is no UTF-8.
  private static func joinBytes(_ tokens: [[UInt8]]) -> [[UInt8]] {
    var result: [[UInt8]] = []
    var run: [UInt8] = []
    func close() {
      guard !run.isEmpty else { return }
      if String(validating: run, as: UTF8.self) != nil {
        result.append(run)
      } else {
        result += run.map { _ in [0xEF, 0xBF, 0xBD] }
      }
      run = []
    }
    for token in tokens {
      if let byte = UTF8Text.byte(ofPiece: ByteString(utf8: token)) {
        run.append(byte)
      } else {
        close()
        result.append(token)
      }
    }
    close()
    return result
  }

  private static func strip(
    _ token: [UInt8], _ content: [UInt8], start: Int, stop: Int
  ) -> [UInt8] {
    guard !content.isEmpty else { return token }
    var token = token[...]
    for _ in 0..<max(0, start) {
      guard token.starts(with: content) else { break }
      token = token.dropFirst(content.count)
    }
    for _ in 0..<max(0, stop) {
      guard token.suffix(content.count).elementsEqual(content) else { break }
      token = token.dropLast(content.count)
    }
    return Array(token)
  }
}
