import Checkpoints
import Failures
import Foundation
import Testing

enum HostileTensors {
  /// A file with the true length of its header.
  static func file(header: String, dataByteCount: Int) -> Data {
    file(length: UInt64(header.utf8.count), header: header, dataByteCount: dataByteCount)
  }

  static func file(length: UInt64, header: String, dataByteCount: Int) -> Data {
    var data = withUnsafeBytes(of: length.littleEndian) { Data($0) }
    data += Data(header.utf8)
    return data + Data(repeating: 0, count: dataByteCount)
  }

  /// Headers that lie, each with four bytes of data.
  static let headers: [(what: String, header: String)] = [
    ("not JSON", "{hello"),
    ("not an object", "[1, 2]"),
    ("a number", "12"),
    ("space before the brace", "  {}"),
    ("no data described", "{}"),
    ("entry is no object", #"{"a":[]}"#),
    ("no type", #"{"a":{"shape":[4],"data_offsets":[0,4]}}"#),
    ("no shape", #"{"a":{"dtype":"U8","data_offsets":[0,4]}}"#),
    ("no offsets", #"{"a":{"dtype":"U8","shape":[4]}}"#),
    ("one offset", #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[4]}}"#),
    ("three offsets", #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4,4]}}"#),
    ("unknown type", #"{"a":{"dtype":"C64","shape":[4],"data_offsets":[0,4]}}"#),
    ("type is a number", #"{"a":{"dtype":7,"shape":[4],"data_offsets":[0,4]}}"#),
    ("negative side", #"{"a":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}}"#),
    ("two negative sides", #"{"a":{"dtype":"U8","shape":[-2,-2],"data_offsets":[0,4]}}"#),
    ("negative side after a zero", #"{"a":{"dtype":"U8","shape":[0,-1],"data_offsets":[0,0]}}"#),
    ("fraction as side", #"{"a":{"dtype":"U8","shape":[4.0],"data_offsets":[0,4]}}"#),
    ("side as text", #"{"a":{"dtype":"U8","shape":["4"],"data_offsets":[0,4]}}"#),
    (
      "shape overflows",
      #"{"a":{"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,4]}}"#
    ),
    (
      "side beyond Int",
      #"{"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,4]}}"#
    ),
    ("negative offset", #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[-4,0]}}"#),
    ("offsets reversed", #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}"#),
    ("past the end", #"{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}"#),
    (
      "offsets near the largest Int",
      #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[9223372036854775803,9223372036854775807]}}"#
    ),
    ("data left over", #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#),
    ("gap at the start", #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#),
    (
      "gap between",
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
        + #""b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#
    ),
    (
      "overlap",
      #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"#
        + #""b":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}"#
    ),
    (
      "the same place twice",
      #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"#
        + #""b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#
    ),
    (
      "duplicate name",
      #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"#
        + #""a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#
    ),
    ("byte count", #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#),
    (
      "metadata not text",
      #"{"__metadata__":{"a":1},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#
    ),
    ("deep nesting", String(repeating: #"{"a":"#, count: 100_000)),
    ("deep lists", #"{"a":"# + String(repeating: "[", count: 100_000)),
  ]
}

@Suite struct HostileTensorsTests {
  private func open(_ data: Data) throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x.safetensors")
      try data.write(to: url)
      _ = try TensorArchive(file: url)
    }
  }

  @Test("a lying header is bad data, told in one sentence", arguments: HostileTensors.headers)
  func lyingHeader(what: String, header: String) {
    let sentence = failure(.badData) {
      try open(HostileTensors.file(header: header, dataByteCount: 4))
    }
    #expect(!sentence.contains("\n") && sentence.hasSuffix("."), "\(what): \(sentence)")
  }

  @Test(
    "a lying length of the header is bad data",
    arguments: [3, 100, 100_000_000, 100_000_001, 1 << 40, UInt64.max, UInt64(Int.max), 0])
  func lyingLength(length: UInt64) {
    failure(.badData) {
      try open(HostileTensors.file(length: length, header: "{}", dataByteCount: 0))
    }
  }

  @Test("a file broken off at any byte is bad data")
  func truncation() throws {
    for name in ["small", "all-types"] {
      let whole = try Data(contentsOf: fixture("Tensors/\(name).safetensors"))
      for length in 0..<whole.count { failure(.badData) { try open(whole.prefix(length)) } }
    }
  }

  @Test("a flipped bit is bad data or another valid file, never a crash")
  func flippedBits() throws {
    let whole = try Data(contentsOf: fixture("Tensors/small.safetensors"))
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("x.safetensors")
      for bit in 0..<whole.count * 8 {
        var data = whole
        data[bit / 8] ^= 1 << (bit % 8)
        try data.write(to: url)
        survives("bit \(bit)") {
          let archive = try TensorArchive(file: url)
          for name in archive.names where try archive.elementType(of: name).isFloatingPoint {
            _ = try archive.floats(name)
          }
        }
      }
    }
  }

  @Test(
    "an index cannot lead out of its folder",
    arguments: [
      "../../etc/passwd", "../x.safetensors", "/etc/x.safetensors", "a/b.safetensors", "..", "",
      "x.bin",
      ".safetensors", "a\\b.safetensors", "a\u{0}.safetensors",
    ])
  func escapingShard(name: String) throws {
    try withTemporaryFolder { folder in
      let index = ["weight_map": ["a": name]]
      try JSONFile.write(index, to: folder.appendingPathComponent(TensorArchive.indexName))
      failure(.badData) { _ = try TensorArchive(checkpointDirectory: folder) }
    }
  }

  @Test("an index that names an absent shard, or a tensor that its shard lacks, is refused")
  func indexAndShardsDisagree() throws {
    try withTemporaryFolder { folder in
      let index = folder.appendingPathComponent(TensorArchive.indexName)
      try JSONFile.write(["weight_map": ["a": "s.safetensors"]], to: index)
      failure(.missingInput) { _ = try TensorArchive(checkpointDirectory: folder) }
      try SafetensorsWriter.write(
        [("b", [1], [1])], to: folder.appendingPathComponent("s.safetensors"))
      failure(.badData) { _ = try TensorArchive(checkpointDirectory: folder) }
    }
    for text in ["", "[]", "{}", #"{"weight_map":3}"#, #"{"weight_map":{"a":3}}"#] {
      try withTemporaryFolder { folder in
        try Data(text.utf8).write(to: folder.appendingPathComponent(TensorArchive.indexName))
        failure(.badData) { _ = try TensorArchive(checkpointDirectory: folder) }
      }
    }
  }
}
