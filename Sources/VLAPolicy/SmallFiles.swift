internal import Checkpoints
internal import Files
internal import Foundation

/// What a checkpoint's folder holds beside its weights.
enum SmallFiles {
  /// More than any configuration or tokenizer has.
  private static let limit = 256 << 20

  /// Copies configuration, statistics and tokenizer: every file of JSON or a tokenizer's model beside
  /// the weights, except the list of their files.
  ///
  /// - Throws: `CheckpointError`.
  static func copy(from folder: URL, to partial: URL) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    where isSmall(name) {
      let source = folder.appending(path: name).path
      do {
        let bytes = try RegularFile.bytes(of: source, limit: limit)
        try PartialFile.write(bytes, to: partial.appending(path: name).path)
      } catch {
        throw CheckpointError(error, path: source)
      }
    }
  }

  private static func isSmall(_ name: String) -> Bool {
    (name.hasSuffix(".json") && !name.hasSuffix(".index.json") || name.hasSuffix(".model"))
      && !name.hasPrefix(".")
  }
}
