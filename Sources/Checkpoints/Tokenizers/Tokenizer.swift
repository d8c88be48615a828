package import Foundation

/// Turns text into identifiers of a vocabulary's pieces, and back.
package struct Tokenizer: Sendable {
  /// The files' names in a checkpoint's folder.
  package static let sentencePieceName = "tokenizer.model"
  package static let huggingFaceName = "tokenizer.json"
  /// The longest text, in bytes; a prompt has some hundred.
  package static let textLimit = 1 << 20
  /// The largest file that is read.
  private static let fileLimit = 64_000_000

  private enum Model: Sendable {
    case sentencePiece(SentencePieceModel)
    case huggingFace(HuggingFaceModel)
  }

  private let model: Model
  /// The file that the tokenizer came from, byte for byte.
  private let document: [UInt8]

  /// Reads the tokenizer in a checkpoint's folder: SentencePiece's `tokenizer.model`, or else
  /// Hugging Face's `tokenizer.json`.
  ///
  /// - Throws: `CheckpointError`.
  package static func load(from checkpointDirectory: URL) throws -> Tokenizer {
    for name in [sentencePieceName, huggingFaceName] {
      let url = checkpointDirectory.appendingPathComponent(name)
      if FileManager.default.fileExists(atPath: url.path) { return try Tokenizer(file: url) }
    }
    throw FileManager.default.fileExists(atPath: checkpointDirectory.path)
      ? CheckpointError.noTokenizer(directory: checkpointDirectory.path)
      : CheckpointError.missingFile(checkpointDirectory.path)
  }

  /// Reads a tokenizer; a name that ends in `.json` is Hugging Face's format, any other
  /// SentencePiece's.
  ///
  /// - Throws: `CheckpointError`.
  package init(file url: URL) throws {
    let bytes = try CheckpointFile.read(url, limit: Self.fileLimit)
    if url.pathExtension == "json" {
      try self.init(huggingFace: bytes, path: url.path)
    } else {
      self.init(
        model: .sentencePiece(try SentencePieceModel(bytes, path: url.path)), document: bytes)
    }
  }

  /// - Parameters:
  ///   - bytes: The text of a `tokenizer.json`.
  ///   - path: What to call it in messages.
  init(huggingFace bytes: [UInt8], path: String) throws(CheckpointError) {
    self.init(model: .huggingFace(try HuggingFaceModel(bytes, path: path)), document: bytes)
  }

  private init(model: Model, document: [UInt8]) {
    self.model = model
    self.document = document
  }

  /// The number of identifiers.
  package var vocabularySize: Int {
    switch model {
    case .sentencePiece(let model): model.pieces.count
    case .huggingFace(let model): model.pieces.count
    }
  }

  /// The piece that begins a sequence.
  package var beginningID: Int? {
    switch model {
    case .sentencePiece(let model): model.beginningID
    case .huggingFace(let model): model.beginningID
    }
  }

  /// The piece that ends a sequence.
  package var endID: Int? {
    switch model {
    case .sentencePiece(let model): model.endID
    case .huggingFace(let model): model.endID
    }
  }

  /// The piece for what is not in the vocabulary.
  package var unknownID: Int? {
    switch model {
    case .sentencePiece(let model): model.unknownID
    case .huggingFace(let model): model.unknownID
    }
  }

  /// The identifier of a piece, such as `▁` or `<0x0A>`.
  package func id(of piece: String) -> Int? {
    switch model {
    case .sentencePiece(let model): model.id(of: ByteString(piece))
    case .huggingFace(let model): model.id(of: ByteString(piece))
    }
  }

  /// The piece of an identifier; nil when there is none.
  package func piece(_ id: Int) -> String? {
    switch model {
    case .sentencePiece(let model):
      return model.pieces.indices.contains(id) ? model.pieces[id].text.string : nil
    case .huggingFace(let model):
      guard model.pieces.indices.contains(id), !model.pieces[id].utf8.isEmpty else { return nil }
      return model.pieces[id].string
    }
  }

  /// Encodes a text.
  ///
  /// - Parameters:
  ///   - text: At most `textLimit` bytes of UTF-8.
  ///   - addBeginning: Whether to put `beginningID` first, where there is one.
  /// - Throws: `CheckpointError.textTooLong`.
  package func encode(_ text: String, addBeginning: Bool) throws -> [Int] {
    let bytes = Array(text.utf8)
    guard bytes.count <= Self.textLimit else {
      throw CheckpointError.textTooLong(byteCount: bytes.count, limit: Self.textLimit)
    }
    let ids =
      switch model {
      case .sentencePiece(let model): model.encode(bytes)
      case .huggingFace(let model): model.encode(bytes)
      }
    guard addBeginning, let beginningID else { return ids }
    return [beginningID] + ids
  }

  /// The text of identifiers, without control pieces; what is not UTF-8 becomes U+FFFD.
  package func decode(_ ids: [Int]) -> String {
    let bytes =
      switch model {
      case .sentencePiece(let model): model.decode(ids)
      case .huggingFace(let model): model.decode(ids)
      }
    return String(decoding: bytes, as: UTF8.self)
  }
}

// MARK: - Writing

extension Tokenizer {
  /// The name under which `write(to:)` stores it.
  package var fileName: String {
    switch model {
    case .sentencePiece: Self.sentencePieceName
    case .huggingFace: Self.huggingFaceName
    }
  }

  /// Writes the tokenizer into a checkpoint's folder, in the format that it came in.
  ///
  /// - Throws: `CheckpointError.cannotWrite`.
  package func write(to checkpointDirectory: URL) throws {
    try CheckpointFile.write(document, to: checkpointDirectory.appendingPathComponent(fileName))
  }

  /// Writes a `tokenizer.json` that Hugging Face's libraries read.
  ///
  /// - Throws: `CheckpointError.cannotWrite`.
  /// - Precondition: The tokenizer was trained here or came from a `tokenizer.json`.
  package func writeHuggingFaceJSON(to url: URL) throws {
    precondition(fileName == Self.huggingFaceName, "a SentencePiece model is no tokenizer.json")
    try CheckpointFile.write(document, to: url)
  }
}
