import Checkpoints
import Failures
import Foundation
import Testing

@Suite struct JSONFileTests {
  private struct Text: Codable, Equatable {
    var width: Int
    var rate: Double?
    var names: [String]?
  }

  private struct Configuration: Codable, Equatable {
    var kind: String
    var text: Text
    var sizes: [Int: Double]?
    var flags: [String: Bool]?
    var parts: [Text]?
  }

  private func read(
    _ text: String, _ unknownKeys: JSONFile.UnknownKeys = .refused, limit: Int = 10_000
  ) throws -> Configuration {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("config.json")
      try Data(text.utf8).write(to: url)
      return try JSONFile.decode(
        Configuration.self, from: url, unknownKeys: unknownKeys, byteLimit: limit)
    }
  }

  @Test("a configuration is read, nested, optional and mapped values alike")
  func reading() throws {
    let found = try read(
      #"""
      {"kind": "a\u00e9\ud83e\udd16\n", "text": {"width": 3, "rate": 1e-5, "names": ["x", "y"]},
       "flags": {"on": true}, "sizes": {"3": 0.5}, "parts": [{"width": -1}, {"width": 2e1}]}
      """#)
    #expect(
      found
        == Configuration(
          kind: "aé🤖\n", text: Text(width: 3, rate: 1e-5, names: ["x", "y"]), sizes: [3: 0.5],
          flags: ["on": true], parts: [Text(width: -1), Text(width: 20)]))
  }

  @Test("what was written reads back")
  func roundTrip() throws {
    let value = Configuration(
      kind: "a/\"b\"\u{1}", text: Text(width: 7, rate: 0.1), sizes: [1: 2], parts: [])
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("c.json")
      try JSONFile.write(value, to: url)
      #expect(try JSONFile.decode(Configuration.self, from: url, unknownKeys: .refused) == value)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["c.json"])
      failure(.cannotWrite) {
        try JSONFile.write(value, to: folder.appendingPathComponent("no/c.json"))
      }
      failure(.cannotWrite) {
        try JSONFile.write([Double.nan], to: folder.appendingPathComponent("nan.json"))
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["c.json"])
    }
  }

  @Test("keys that nobody reads are refused by path, or allowed")
  func unknownKeys() throws {
    let text = #"{"kind":"k","text":{"width":1,"wdith":2},"extra":{"deep":1},"flags":{"a":true}}"#
    let sentence = failure(.badData) { _ = try read(text) }
    #expect(sentence.contains("'extra', 'text.wdith'") && !sentence.contains("flags"))
    #expect(try read(text, .allowed).text.width == 1)
  }

  @Test(
    "a wrong value is told with its file and key",
    arguments: [
      (#"{"kind":"k"}"#, "'text' is missing"),
      (#"{"kind":3,"text":{"width":1}}"#, "'kind': a string was expected, not a number"),
      (#"{"kind":"k","text":{}}"#, "'text': 'width' is missing"),
      (#"{"kind":"k","text":{"width":"1"}}"#, "'text.width'"),
      (#"{"kind":"k","text":{"width":1.5}}"#, "'text.width': an integer"),
      (#"{"kind":"k","text":{"width":1e300}}"#, "'text.width': an integer"),
      (#"{"kind":"k","text":{"width":null}}"#, "'text.width': a value was expected, not null"),
      (#"{"kind":"k","text":[]}"#, "'text': an object was expected, not a list"),
      (#"{"kind":"k","text":{"width":1,"names":["a",2]}}"#, "'text.names.1'"),
      (#"{"kind":"k","text":{"width":1},"parts":[{"width":1},{}]}"#, "'parts.1'"),
      ("[]", "an object was expected"),
    ])
  func wrongValues(text: String, said: String) {
    let sentence = failure(.badData) { _ = try read(text) }
    #expect(sentence.contains(said) && sentence.contains("config.json'"), "\(sentence)")
    #expect(!sentence.contains("\n"))
  }

  @Test(
    "text that is not JSON is told with its place",
    arguments: [
      ("", "too early"), ("{", "too early"), ("nul", "'null'"), ("{}x", "the end"),
      (#"{"a" 1}"#, "':'"), (#"{"a":1,}"#, "quoted key"), ("[1,]", "a value"), ("[1 2]", "','"),
      ("01", "number"), ("-", "number"), ("1.", "number"), ("1e", "number"), ("1e999", "number"),
      ("NaN", "a value"), ("+1", "a value"), (".5", "a value"), (#""\x""#, "string"),
      (#""\ud800""#, "string"), (#""\udc00\ud800""#, "string"), (#""\u12g4""#, "string"),
      ("\"a\nb\"", "string"), (#"{"a":1,"a":2}"#, "again"), ("'a'", "a value"),
      ("{\"a\":1}\u{0}", "the end"),
    ])
  func malformed(text: String, said: String) {
    let sentence = failure(.badData) { _ = try read(text) }
    #expect(sentence.contains(said) && sentence.contains("not valid JSON"), "\(sentence)")
  }

  @Test("keys that differ only by composition are different keys")
  func canonicalEquivalents() throws {
    let text = "{\"kind\":\"k\",\"text\":{\"width\":1},\"\u{e9}\":1,\"e\u{301}\":2}"
    #expect(try read(text, .allowed).kind == "k")
  }

  @Test("files that are too large, too deep, no UTF-8, absent or no files are refused")
  func refusedFiles() throws {
    failure(.badData) { _ = try read(String(repeating: " ", count: 10_001)) }
    failure(.badData) { _ = try read(String(repeating: "[", count: 9_000)) }
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("c.json")
      failure(.missingInput) { _ = try JSONFile.decode([Int].self, from: url) }
      failure(.missingInput) { _ = try JSONFile.decode([Int].self, from: folder) }
      try Data([0x22, 0xFF, 0xFE, 0x22]).write(to: url)
      failure(.badData) { _ = try JSONFile.decode([Int].self, from: url) }
    }
  }
}
