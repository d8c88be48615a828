internal import Files

/// What a SentencePiece `.model` file says: a `ModelProto` of
/// https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto.
struct SentencePieceSpecification: Sendable {
  enum PieceKind: UInt64, Sendable {
    case normal = 1
    case unknown = 2
    case control = 3
    case userDefined = 4
    case unused = 5
    case byte = 6
  }

  struct Piece: Sendable {
    var text = ByteString(utf8: [])
    var score: Float = 0
    var kind = PieceKind.normal
  }

  enum Algorithm: UInt64, Sendable {
    case unigram = 1
    case bytePair = 2
    case word = 3
    case character = 4
  }

  struct Normalization: Sendable {
    /// A `CharacterMap`; empty for none.
    var characterMap: [UInt8] = []
    var addsDummyPrefix = true
    var removesExtraSpaces = true
    var escapesSpaces = true
  }

  static let pieceLimit = 4_000_000

  var pieces: [Piece] = []
  var algorithm = Algorithm.unigram
  var fallsBackToBytes = false
  var treatsSpaceAsSuffix = false
  var beginningPiece: ByteString = "<s>"
  var endPiece: ByteString = "</s>"
  /// What an unknown piece is decoded to.
  var unknownSurface: ByteString = " \u{2047} "
  var normalization = Normalization()
  /// Whether decoding replaces characters.
  var denormalizes = false

  init(_ bytes: [UInt8]) throws(TokenizerFault) {
    var reader = ProtobufReader(bytes[...])
    while let (number, value) = try reader.field() {
      guard case .bytes(let message) = value else { continue }
      switch number {
      case 1: pieces.append(try Self.piece(message))
      case 2: try readTrainer(message)
      case 3: normalization = try Self.normalization(message)
      case 5: denormalizes = try !Self.normalization(message).characterMap.isEmpty
      default: continue
      }
      guard pieces.count <= Self.pieceLimit else {
        throw .tooManyPieces(pieces.count, limit: Self.pieceLimit)
      }
    }
    guard !pieces.isEmpty else { throw .emptyVocabulary }
  }

  private static func piece(
    _ message: ArraySlice<UInt8>
  ) throws(TokenizerFault) -> Piece {
    var piece = Piece()
    var reader = ProtobufReader(message)
    while let (number, value) = try reader.field() {
      switch (number, value) {
      case (1, .bytes(let text)): piece.text = ByteString(utf8: Array(text))
      case (2, .fixed32(let bits)): piece.score = Float(bitPattern: bits)
      case (3, .varint(let kind)):
        guard let kind = PieceKind(rawValue: kind) else {
          throw .badField("pieces.type", expected: "a kind of piece")
        }
        piece.kind = kind
      case (1...3, _): throw .brokenMessage(offset: message.startIndex)
      default: continue
      }
    }
    guard piece.score.isFinite else { throw .badScore(piece: piece.text.string) }
    return piece
  }

  private mutating func readTrainer(
    _ message: ArraySlice<UInt8>
  ) throws(TokenizerFault) {
    var reader = ProtobufReader(message)
    while let (number, value) = try reader.field() {
      switch (number, value) {
      case (3, .varint(let type)):
        guard let type = Algorithm(rawValue: type) else {
          throw .badField("trainer_spec.model_type", expected: "a kind of model")
        }
        algorithm = type
      case (24, .varint(let flag)): treatsSpaceAsSuffix = flag != 0
      case (35, .varint(let flag)): fallsBackToBytes = flag != 0
      case (44, .bytes(let text)): unknownSurface = ByteString(utf8: Array(text))
      case (46, .bytes(let text)): beginningPiece = ByteString(utf8: Array(text))
      case (47, .bytes(let text)): endPiece = ByteString(utf8: Array(text))
      default: continue
      }
    }
  }

  private static func normalization(
    _ message: ArraySlice<UInt8>
  ) throws(TokenizerFault) -> Normalization {
    var normalization = Normalization()
    var reader = ProtobufReader(message)
    while let (number, value) = try reader.field() {
      switch (number, value) {
      case (2, .bytes(let map)): normalization.characterMap = Array(map)
      case (3, .varint(let flag)): normalization.addsDummyPrefix = flag != 0
      case (4, .varint(let flag)): normalization.removesExtraSpaces = flag != 0
      case (5, .varint(let flag)): normalization.escapesSpaces = flag != 0
      default: continue
      }
    }
    return normalization
  }
}

extension ProtobufReader {
  fileprivate mutating func field() throws(TokenizerFault) -> (number: Int, value: Value)? {
    do {
      return try next()
    } catch {
      throw .brokenMessage(offset: error.offset)
    }
  }
}
