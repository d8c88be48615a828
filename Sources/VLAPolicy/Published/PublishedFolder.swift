internal import Checkpoints
internal import Foundation

/// What a translation of a published configuration reads: the files of one checkpoint's folder.
struct PublishedFolder {
  let url: URL
  let fields: PublishedFields
  let archive: TensorArchive
  var log = DetailLog()

  /// Keys of another file of the folder; `nil` where there is no such file.
  func optionalFile(_ name: String) throws -> PublishedFields? {
    let file = url.appending(path: name)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    guard let object = try JSONFile.value(file).object else {
      throw CheckpointError.wrongValue(
        file: file.path, keyPath: "", reason: "an object was expected")
    }
    return PublishedFields(object: object, path: file.path)
  }

  /// The id of the lone blank, which both OpenVLA and CogACT append to the prompt, and, for
  /// CogACT, the end of the sequence; Llama-2's where the folder has no tokenizer yet, as far as
  /// the model knows them.
  mutating func suffixIDs(withEnd: Bool, vocabularySize: Int) throws -> [Int] {
    let usual = (withEnd ? [29871, 2] : [29871]).filter { $0 < vocabularySize }
    let standard = Found.standard(usual, of: "Llama-2's vocabulary")
    guard hasTokenizer else { return log.take("prompt.suffix_ids", standard) }
    let tokenizer = try Tokenizer.load(from: url)
    let ids = [tokenizer.id(of: "▁")] + (withEnd ? [tokenizer.endID] : [])
    guard !ids.contains(nil) else { return log.take("prompt.suffix_ids", standard) }
    return log.take(
      "prompt.suffix_ids", Found(value: ids.compactMap(\.self), origin: .tokenizer))
  }

  private var hasTokenizer: Bool {
    [Tokenizer.sentencePieceName, Tokenizer.huggingFaceName].contains {
      FileManager.default.fileExists(atPath: url.appending(path: $0).path)
    }
  }
}

extension TensorArchive {
  /// One side of a tensor's shape; `nil` where the tensor or the side is not there.
  func side(_ index: Int, of name: String) -> Found<Int>? {
    guard let shape = try? shape(of: name), shape.indices.contains(index) else { return nil }
    return Found(value: shape[index], origin: .tensor(name))
  }

  /// As `side(_:of:)` for a tensor that no checkpoint of its kind lacks.
  ///
  /// - Throws: `CheckpointError.missingTensor`, or `.wrongShape` for one of fewer dimensions.
  func requiredSide(_ index: Int, of name: String, dimensions: Int) throws -> Found<Int> {
    let shape = try shape(of: name)
    guard shape.count == dimensions else {
      throw CheckpointError.wrongShape(
        name, archive: path, expected: [Int](repeating: 0, count: dimensions), found: shape)
    }
    return Found(value: shape[index], origin: .tensor(name))
  }

  /// Whether a tensor is there.
  func presence(of name: String) -> Found<Bool> {
    Found(value: contains(name), origin: .tensor(name))
  }

  /// The number of blocks `prefix0.…`, `prefix1.…` that have a tensor of this name.
  func blockCount(_ prefix: String, _ suffix: String) -> Found<Int> {
    let count = (0..<1024).first { !contains("\(prefix)\($0).\(suffix)") } ?? 1024
    return Found(value: count, origin: .tensor("\(prefix)*.\(suffix)"))
  }
}
