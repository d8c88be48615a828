/// What is wrong with a tokenizer's file.
package enum TokenizerFault: Error, Equatable, Sendable, CustomStringConvertible {
  /// The protocol-buffer message breaks off or has a malformed field.
  case brokenMessage(offset: Int)
  case emptyVocabulary
  case tooManyPieces(Int, limit: Int)
  case duplicatePiece(String)
  case emptyPiece(id: Int)
  case noUnknownPiece
  case missingBytePiece(String)
  case badScore(piece: String)
  case badField(String, expected: String)
  case identifierOutOfRange(String)
  case duplicateIdentifier(Int)
  case unknownMergePiece(String)
  /// Sound, but asks for something that we do not do.
  case unsupported(String)

  package var description: String {
    switch self {
    case .brokenMessage(let offset): "its message breaks off or is malformed at byte \(offset)"
    case .emptyVocabulary: "it has no pieces"
    case .tooManyPieces(let count, let limit): "it has \(count) pieces, more than \(limit)"
    case .duplicatePiece(let piece): "the piece '\(piece)' appears twice"
    case .emptyPiece(let id): "the piece \(id) is empty"
    case .noUnknownPiece: "it has no piece for the unknown"
    case .missingBytePiece(let piece): "it falls back to bytes, but has no piece '\(piece)'"
    case .badScore(let piece): "the score of '\(piece)' is not a finite number"
    case .badField(let path, let expected): "'\(path)' is not \(expected)"
    case .identifierOutOfRange(let piece): "the identifier of '\(piece)' is out of range"
    case .duplicateIdentifier(let id): "the identifier \(id) has two pieces"
    case .unknownMergePiece(let piece): "a merge needs '\(piece)', which is not in the vocabulary"
    case .unsupported(let feature): "it uses \(feature), which is not supported"
    }
  }
}
