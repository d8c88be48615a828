package import Failures
package import Files

/// What can be wrong with a checkpoint: its weights, its configuration files, its tokenizer.
package enum CheckpointError: ExplainedError, Equatable {
  case missingFile(String)
  case unreadableFile(String, reason: String)
  case fileTooLarge(String, byteCount: Int, limit: Int)

  case malformedJSON(file: String, fault: JSONFault)
  /// `keyPath` is empty for the whole file.
  case wrongValue(file: String, keyPath: String, reason: String)
  case unknownKeys(file: String, keys: [String])

  case noWeights(directory: String)
  case damagedTensorFile(String, fault: TensorFileFault)
  case badTorchFile(String, fault: TorchFileFault)
  case severalTorchFiles(directory: String, names: [String])
  case unsafeShardName(String, file: String)
  case shardLacksTensor(String, shard: String, index: String)
  case missingTensor(String, archive: String)
  case wrongShape(String, archive: String, expected: [Int], found: [Int])
  case wrongElementType(String, archive: String, expected: String, found: String)
  case notFinite(String, archive: String)
  case badScales(String, archive: String)
  case alreadyQuantized(String, archive: String)
  case differentTensors(archive: String, TensorDifferences)

  case noTokenizer(directory: String)
  case damagedTokenizer(String, fault: TokenizerFault)
  case unsupportedTokenizer(String, feature: String)
  case textTooLong(byteCount: Int, limit: Int)
  case vocabularyTooSmall(size: Int, minimum: Int)
  case corpusTooSmall(pieceCount: Int, wanted: Int)

  case cannotWrite(String, reason: String)
}

extension CheckpointError {
  package var kind: FailureKind {
    switch self {
    case .missingFile, .unreadableFile, .noWeights, .noTokenizer: .missingInput
    case .textTooLong, .vocabularyTooSmall, .corpusTooSmall: .usage
    case .cannotWrite: .cannotWrite
    case .fileTooLarge, .malformedJSON, .wrongValue, .unknownKeys, .damagedTensorFile,
      .badTorchFile, .severalTorchFiles, .unsafeShardName, .shardLacksTensor, .missingTensor,
      .wrongShape, .wrongElementType, .notFinite, .badScales, .alreadyQuantized,
      .differentTensors, .damagedTokenizer, .unsupportedTokenizer:
      .badData
    }
  }

  package var description: String {
    fileSentence ?? tensorSentence ?? tokenizerSentence ?? "The checkpoint is not usable."
  }

  private var fileSentence: String? {
    switch self {
    case .missingFile(let path):
      "'\(path)' does not exist; check the path."
    case .unreadableFile(let path, let reason):
      "'\(path)' cannot be read (\(reason)); a readable, regular file was expected."
    case .fileTooLarge(let path, let byteCount, let limit):
      "'\(path)' has \(byteCount) bytes, more than the \(limit) that a file of its kind may have."
    case .malformedJSON(let file, let fault):
      "'\(file)' is not valid JSON: \(fault); write or download it again."
    case .wrongValue(let file, let keyPath, let reason):
      keyPath.isEmpty
        ? "'\(file)' does not hold what was expected: \(reason)."
        : "'\(file)' has a wrong value at '\(keyPath)': \(reason)."
    case .unknownKeys(let file, let keys):
      "'\(file)' has keys that nothing reads (\(keys.quotedList)); correct or remove them."
    case .cannotWrite(let path, let reason):
      "'\(path)' cannot be written (\(reason)); check the folder, its permissions and the free space."
    default: nil
    }
  }

  private var tensorSentence: String? {
    switch self {
    case .noWeights(let directory):
      "'\(directory)' holds no weights; 'model.safetensors', 'model.safetensors.index.json' or one"
        + " '.pt' file, there or in 'checkpoints', was expected."
    case .damagedTensorFile(let path, let fault):
      "'\(path)' is not a valid safetensors file: \(fault); write or download it again."
    case .badTorchFile(let path, let fault):
      "'\(path)' cannot be read as a PyTorch file: \(fault)."
    case .severalTorchFiles(let directory, let names):
      "'\(directory)' holds several checkpoints (\(names.quotedList)); give the path of one, or leave"
        + " one there."
    case .unsafeShardName(let name, let file):
      "'\(file)' names the shard '\(name)'; a plain file name ending in '.safetensors', beside"
        + " the index, was expected."
    case .shardLacksTensor(let name, let shard, let index):
      "'\(index)' says that '\(shard)' holds '\(name)', but it does not; the shards and the index"
        + " must come from the same checkpoint."
    case .missingTensor(let name, let archive):
      "'\(archive)' has no tensor '\(name)'; list its contents with 'mole checkpoint inspect'."
    case .wrongShape(let name, let archive, let expected, let found):
      "'\(name)' in '\(archive)' has the shape \(found), but \(expected) was expected; the weights"
        + " and the configuration must belong together."
    case .wrongElementType(let name, let archive, let expected, let found):
      "'\(name)' in '\(archive)' holds \(found) elements, but \(expected) were expected."
    case .notFinite(let name, let archive):
      "'\(name)' in '\(archive)' holds a number that is not finite; such weights cannot be made"
        + " integers, train or convert the checkpoint again."
    case .badScales(let name, let archive):
      "'\(name)' in '\(archive)' holds a scale that is negative or not finite; quantize the"
        + " checkpoint again."
    case .alreadyQuantized(let name, let archive):
      "'\(archive)' is quantized already ('\(name)' is I8 or has scales); give the checkpoint that it"
        + " was made of."
    case .differentTensors(let archive, let differences):
      "The tensors of '\(archive)' are not those that its configuration asks for:\n\(differences)"
    default: nil
    }
  }

  private var tokenizerSentence: String? {
    switch self {
    case .noTokenizer(let directory):
      "'\(directory)' holds no tokenizer; 'tokenizer.model' or 'tokenizer.json' was expected."
    case .damagedTokenizer(let path, let fault):
      "'\(path)' is not a valid tokenizer: \(fault); write or download it again."
    case .unsupportedTokenizer(let path, let feature):
      "'\(path)' uses \(feature), which is not supported; a Llama-style SentencePiece or BPE"
        + " tokenizer was expected."
    case .textTooLong(let byteCount, let limit):
      "The text has \(byteCount) bytes, more than the \(limit) that are tokenized at once;"
        + " shorten it."
    case .vocabularyTooSmall(let size, let minimum):
      "A vocabulary of \(size) pieces is too small for this text; ask for at least \(minimum)."
    case .corpusTooSmall(let pieceCount, let wanted):
      "The text yields \(pieceCount) pieces, fewer than the \(wanted) wanted; give more text or"
        + " ask for a smaller vocabulary."
    default: nil
    }
  }
}

extension CheckpointError {
  /// What is wrong with the file at `path`.
  package init(_ fault: FileFault, path: String) {
    self =
      switch fault {
      case .missing: .missingFile(path)
      case .unreadable(let reason): .unreadableFile(path, reason: reason)
      case .tooLarge(let byteCount, let limit):
        .fileTooLarge(path, byteCount: byteCount, limit: limit)
      case .cannotWrite(let reason): .cannotWrite(path, reason: reason)
      }
  }

  /// Runs `body`, which handles the file at `path`, with its faults as errors of this room.
  static func naming<Result>(
    _ path: String, _ body: () throws(FileFault) -> Result
  ) throws(CheckpointError) -> Result {
    do {
      return try body()
    } catch {
      throw CheckpointError(error, path: path)
    }
  }
}

extension [String] {
  /// The strings in quotes, separated by commas; at most twenty.
  var quotedList: String {
    let shown = prefix(20).map { "'\($0)'" }.joined(separator: ", ")
    return count > 20 ? "\(shown) and \(count - 20) more" : shown
  }
}
