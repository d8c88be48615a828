import Foundation

/// `model.safetensors.index.json`: which file holds which tensor.
enum ShardIndex {
  static let byteLimit = 100_000_000

  /// Reads an index; every shard is a plain file name beside it.
  ///
  /// - Returns: (tensor, shard) in the order of the file.
  static func read(_ url: URL) throws -> [(name: String, shard: String)] {
    let value = try JSONFile.value(url, byteLimit: byteLimit)
    guard let map = value.object?["weight_map"]?.object else {
      throw CheckpointError.wrongValue(
        file: url.path, keyPath: "weight_map", reason: "an object was expected")
    }
    return try map.members.map { name, value in
      guard let shard = value.string else {
        throw CheckpointError.wrongValue(
          file: url.path, keyPath: "weight_map.\(name.string)", reason: "a string was expected")
      }
      guard isPlainFileName(shard) else {
        throw CheckpointError.unsafeShardName(shard, file: url.path)
      }
      return (name.string, shard)
    }
  }

  /// Whether a name stays in its folder.
  private static func isPlainFileName(_ name: String) -> Bool {
    name.hasSuffix(".safetensors") && !name.hasPrefix(".")
      && !name.unicodeScalars.contains { $0 == "/" || $0 == "\\" || $0.value < 0x20 }
  }

  /// The text of an index.
  static func text(_ places: [(name: String, shard: String)], byteCount: Int) throws -> Data {
    struct Index: Encodable {
      var metadata: [String: Int]
      var weightMap: [String: String]

      enum CodingKeys: String, CodingKey {
        case metadata
        case weightMap = "weight_map"
      }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(
      Index(
        metadata: ["total_size": byteCount],
        weightMap: Dictionary(uniqueKeysWithValues: places.map { ($0.name, $0.shard) })))
  }
}
