internal import Foundation

/// The two JSON files beside a TFDS data set: what it is called, where its records are, and what a
/// step holds.
struct RLDSDescription {
  enum Leaf: Equatable {
    case image, text
    /// The number of values of one step; `nil` where it varies.
    case tensor(width: Int?)
    case other
  }

  struct Split: Equatable {
    var name: String
    /// Each shard's file and its number of records.
    var shards: [(url: URL, recordCount: Int)]

    static func == (left: Split, right: Split) -> Bool { left.name == right.name }
  }

  var name: String
  var splits: [Split]
  /// The features by their keys in a record, such as `steps/observation/image`.
  var leaves: [String: Leaf]

  init(folder: URL) throws(ImportError) {
    let info: DatasetInfo = try RLDSDescription.decode("dataset_info.json", in: folder)
    try ImportFile.checkName(info.name, of: "a data set")
    name = info.name
    splits = []
    for split in info.splits { splits.append(try info.files(of: split, in: folder)) }
    let features: FeatureTree = try RLDSDescription.decode("features.json", in: folder)
    leaves = Dictionary(features.leaves, uniquingKeysWith: { first, _ in first })
  }

  private static func decode<Content: Decodable>(_ file: String, in folder: URL)
    throws(ImportError) -> Content
  {
    let url = folder.appendingPathComponent(file)
    let bytes = try ImportFile.bytes(
      of: url, limit: 16 << 20, expected: "the description of a TFDS data set")
    do {
      return try JSONDecoder().decode(Content.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw .badMetadata(url.path, reason: RLDSDescription.reason(of: error))
    } catch {
      throw .badMetadata(url.path, reason: error.localizedDescription)
    }
  }

  private static func reason(of error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, _): "the key '\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' has another type"
    default: "it is no JSON of the expected form"
    }
  }
}

/// `dataset_info.json`.
private struct DatasetInfo: Decodable {
  struct Split: Decodable {
    var name: String
    /// Protocol buffers write 64-bit integers as texts in JSON.
    var shardLengths: [String]?
  }

  var name: String
  var fileFormat: String?
  var splits: [Split]

  /// TFDS' default names: `<name>-<split>.tfrecord-<shard>-of-<count>`.
  func files(of split: Split, in folder: URL) throws(ImportError) -> RLDSDescription.Split {
    let path = folder.appendingPathComponent("dataset_info.json").path
    try ImportFile.checkName(split.name, of: "a split")
    guard (fileFormat ?? "tfrecord") == "tfrecord" else {
      throw .badMetadata(path, reason: "the file format '\(fileFormat ?? "")' is not 'tfrecord'")
    }
    let lengths = (split.shardLengths ?? []).compactMap(Int.init)
    // The bound keeps the sum over all shards that fit the file within an `Int`.
    guard lengths.count == split.shardLengths?.count ?? 0,
      lengths.allSatisfy({ 0...1_000_000_000 ~= $0 })
    else {
      throw .badMetadata(path, reason: "a shard's length is no number of records")
    }
    let shards = lengths.enumerated().map { index, length in
      let place = "\(padded(index))-of-\(padded(lengths.count))"
      let file = "\(name)-\(split.name).tfrecord-\(place)"
      return (folder.appendingPathComponent(file), length)
    }
    return RLDSDescription.Split(name: split.name, shards: shards)
  }

  private func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }
}

/// `features.json`, flattened to the keys under which a record stores the values.
private struct FeatureTree: Decodable {
  var leaves: [(String, RLDSDescription.Leaf)]

  private enum Keys: String, CodingKey {
    case featuresDict, features, sequence, feature, image, text, tensor, shape, dimensions
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    if container.contains(.featuresDict) {
      let children = try container.nestedContainer(keyedBy: Keys.self, forKey: .featuresDict)
        .decode([String: FeatureTree].self, forKey: .features)
      leaves = children.flatMap { name, child in
        child.leaves.map { ($0.0.isEmpty ? name : "\(name)/\($0.0)", $0.1) }
      }
    } else if container.contains(.sequence) {
      leaves = try container.nestedContainer(keyedBy: Keys.self, forKey: .sequence)
        .decode(FeatureTree.self, forKey: .feature).leaves
    } else {
      leaves = [("", try FeatureTree.leaf(container))]
    }
  }

  private static func leaf(_ container: KeyedDecodingContainer<Keys>) throws
    -> RLDSDescription.Leaf
  {
    if container.contains(.image) { return .image }
    if container.contains(.text) { return .text }
    guard container.contains(.tensor) else { return .other }
    let shape = try container.nestedContainer(keyedBy: Keys.self, forKey: .tensor)
      .nestedContainer(keyedBy: Keys.self, forKey: .shape)
    let lengths = try shape.decodeIfPresent([String].self, forKey: .dimensions) ?? []
    return .tensor(width: width(lengths.map { Int($0) ?? -1 }))
  }

  private static func width(_ lengths: [Int]) -> Int? {
    var width = 1
    for length in lengths {
      let (product, overflow) = width.multipliedReportingOverflow(by: length)
      guard length >= 0, !overflow else { return nil }
      width = product
    }
    return width
  }
}
