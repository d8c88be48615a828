package import Foundation

/// Writes a checkpoint's weights into a folder: `model.safetensors`, or several shards and their
/// index when they are larger than asked for.
///
/// Files appear under their final names in `finish`, the index last.
package final class CheckpointWriter {
  /// What Hugging Face's libraries split at.
  package static let usualShardByteCount = 5_000_000_000

  private let directory: URL
  private let shards: [(name: String, writer: SafetensorsWriter)]
  private let shardByTensor: [(name: String, shard: Int)]
  private let positions: [ByteString: Int]
  private let byteCount: Int

  /// Creates the files and writes their headers.
  ///
  /// - Parameters:
  ///   - directory: An existing folder.
  ///   - declarations: What is going to be added; shards are filled in this order.
  ///   - maximumShardByteCount: The most tensor bytes in one file, unless one tensor is larger.
  ///   - metadata: Text to store in each file.
  /// - Throws: `CheckpointError.cannotWrite`.
  package init(
    directory: URL, declarations: [TensorDeclaration],
    maximumShardByteCount: Int = usualShardByteCount, metadata: [String: String] = [:]
  ) throws {
    let plan = Self.plan(declarations, limit: maximumShardByteCount)
    self.directory = directory
    shards = try plan.enumerated().map { index, part in
      let name = Self.shardName(index, of: plan.count)
      let writer = try SafetensorsWriter(
        to: directory.appendingPathComponent(name), declarations: part, metadata: metadata)
      return (name, writer)
    }
    shardByTensor = plan.enumerated().flatMap { index, part in part.map { ($0.name, index) } }
    positions = Dictionary(
      uniqueKeysWithValues: shardByTensor.map { (ByteString($0.name), $0.shard) })
    byteCount = declarations.reduce(0) { $0 + $1.byteCount }
  }

  /// Writes a tensor; see `SafetensorsWriter.add`.
  package func add(_ name: String, shape: [Int], _ values: [Float]) throws {
    try writer(of: name).add(name, shape: shape, values)
  }

  /// Writes a tensor of integers; see `SafetensorsWriter.add`.
  package func add(_ name: String, shape: [Int], integers values: [Int]) throws {
    try writer(of: name).add(name, shape: shape, integers: values)
  }

  /// The place of a tensor that is written piece by piece; see `SafetensorsWriter.place`.
  package func place(of name: String) -> TensorPlace { writer(of: name).place(of: name) }

  /// Completes all files under their final names.
  ///
  /// - Throws: `CheckpointError.cannotWrite`.
  package func finish() throws {
    for (_, writer) in shards { try writer.finish() }
    guard shards.count > 1 else { return }
    let index = try ShardIndex.text(
      shardByTensor.map { ($0.name, shards[$0.shard].name) }, byteCount: byteCount)
    try CheckpointFile.write(
      Array(index), to: directory.appendingPathComponent(TensorArchive.indexName))
  }

  private func writer(of name: String) -> SafetensorsWriter {
    guard let shard = positions[ByteString(name)] else {
      preconditionFailure("'\(name)' was not declared")
    }
    return shards[shard].writer
  }

  /// Fills shards in order; at least one, which may be empty.
  private static func plan(
    _ declarations: [TensorDeclaration], limit: Int
  ) -> [[TensorDeclaration]] {
    var plan: [[TensorDeclaration]] = [[]]
    var size = 0
    for declaration in declarations {
      let byteCount = declaration.byteCount
      if size > 0, size + byteCount > limit {
        plan.append([])
        size = 0
      }
      plan[plan.count - 1].append(declaration)
      size += byteCount
    }
    return plan
  }

  private static func shardName(_ index: Int, of count: Int) -> String {
    guard count > 1 else { return TensorArchive.fileName }
    func padded(_ number: Int) -> String {
      String(repeating: "0", count: max(0, 5 - String(number).count)) + String(number)
    }
    return "model-\(padded(index + 1))-of-\(padded(count)).safetensors"
  }
}
