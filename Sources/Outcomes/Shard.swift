/// One of `count` equal shares of a run's episodes, written `2/4` in plans and flags.
package struct Shard: Equatable, Sendable {
  /// From 1 to `count`.
  package let number: Int
  package let count: Int

  /// Makes a shard.
  ///
  /// - Returns: `nil` unless 1 ≤ `number` ≤ `count`.
  package init?(number: Int, of count: Int) {
    guard number >= 1, number <= count else { return nil }
    self.number = number
    self.count = count
  }

  /// Makes a shard of text such as `2/4`.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int(parts[0]), let count = Int(parts[1]) else {
      return nil
    }
    self.init(number: number, of: count)
  }

  /// Whether the episode at this position of the whole run belongs to this shard.
  ///
  /// Episodes are dealt like cards, so a task's episodes spread evenly over the shards.
  package func contains(episodeAt position: Int) -> Bool { position % count == number - 1 }

  package var description: String { "\(number)/\(count)" }
}

extension Shard: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let shard = Shard(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "'\(text)' is no shard such as '1/4'")
    }
    self = shard
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension Shard: CustomStringConvertible {}
