import Foundation
import Testing

@Suite("mole bench decoder, vision and policy")
struct BenchModelCommandTests {
  private struct Document<Row: Decodable>: Decodable {
    var notes: [String]
    var rows: [Row]
  }

  private struct DecoderRow: Decodable {
    var dtype: String
    var layers: Int
    var tokens: Int
    var threads: Int
    var secondsPerLayer: Double
    var gmacPerS: Double
    var bareGmacPerS: Double
    var shareOfPeak: Double
  }

  private struct VisionRow: Decodable {
    var part: String
    var seconds: Double
    var gmac: Double
    var shareOfPeak: Double
  }

  private struct PolicyRow: Decodable {
    var method: String
    var layersRun: Int
    var layers: Int
    var visionSeconds: Double
    var routerSeconds: Double
    var languageLayersSeconds: Double
    var actionHeadSeconds: Double
    var totalSeconds: Double
    var languageRatio: Double
    var allowedRatio: Double
    var languageGmac: Double
  }

  private func document<Row: Decodable>(
    _ row: Row.Type, _ arguments: [String]
  ) throws -> Document<Row> {
    var output = ""
    try withWorkplace { place in
      output = try place.expectFine(
        ["bench"] + arguments + ["--repetitions", "5", "--threads", "1", "--format", "json"])
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Document<Row>.self, from: Data(output.utf8))
  }

  @Test("a decoder's rows hold the time and the rate of each type")
  func decoder() throws {
    let rows = try document(
      DecoderRow.self,
      ["decoder", "--preset", "tiny", "--layers", "2", "--tokens", "9", "--dtype", "f32,bf16,int8"]
    ).rows
    #expect(rows.map(\.dtype) == ["f32", "bf16", "int8"])
    for row in rows {
      #expect(row.layers == 2 && row.tokens == 9 && row.threads == 1)
      #expect(row.secondsPerLayer > 0 && row.bareGmacPerS > 0)
      // 4 projections of 64 x 64, 3 of 64 x 96, and the square of attention, for 9 tokens.
      let macs = 9 * (4 * 64 * 64 + 3 * 64 * 96) + 2 * 9 * 9 * 64
      #expect(abs(row.gmacPerS * row.secondsPerLayer * 1e9 / Double(macs) - 1) < 1e-9)
      #expect(abs(row.shareOfPeak * row.bareGmacPerS / row.gmacPerS - 1) < 1e-9)
    }
  }

  @Test("vision is timed by part, and the parts make the whole")
  func vision() throws {
    let rows = try document(VisionRow.self, ["vision", "--preset", "tiny"]).rows
    #expect(rows.map(\.part) == ["vision", "projector", "total"])
    #expect(rows.allSatisfy { $0.seconds > 0 && $0.shareOfPeak > 0 })
    #expect(abs(rows[0].gmac + rows[1].gmac - rows[2].gmac) < 1e-12)
  }

  @Test("a policy is timed by part and method, layers by number and by share")
  func policy() throws {
    let found = try document(
      PolicyRow.self,
      ["policy", "--preset", "nano", "--tokens", "80", "--methods", "dense,mole:6,mole:0.25"])
    let rows = found.rows
    #expect(rows.map(\.method) == ["dense", "mole:6", "mole:0.25"])
    #expect(rows.map(\.layersRun) == [12, 6, 3])
    #expect(rows.allSatisfy { $0.layers == 12 && $0.visionSeconds > 0 && $0.totalSeconds > 0 })
    #expect(rows.allSatisfy { $0.languageLayersSeconds > 0 && $0.actionHeadSeconds > 0 })
    #expect(rows[1].routerSeconds > 0)
    #expect(rows[0].languageRatio == 1)
    #expect(abs(rows[1].allowedRatio - 0.52) < 1e-9)
    #expect(rows[1].languageGmac < 0.6 * rows[0].languageGmac)
    #expect(found.notes.contains { $0.contains("1.96x") && $0.contains("RTX 4090D") })
  }

  @Test("refuses what makes no sense before anything is measured")
  func refuses() throws {
    let cases: [([String], String)] = [
      (["decoder", "--dtype", "f8"], "'--dtype' knows f32, bf16, int8, but not 'f8'"),
      (["decoder", "--layers", "0"], "'--layers' must be in 1...256, but is 0"),
      (["decoder", "--preset", "tiny", "--layers", "7"], "'--layers' must be in 1...6, but is 7"),
      (["decoder", "--repetitions", "1"], "'--repetitions' must be in 5...1000, but is 1"),
      (["vision", "--preset", "huge"], "There is no preset 'huge'"),
      (["vision", "--against", "jax"], "The value 'jax' is invalid for '--against <against>'"),
      (["policy", "--preset", "nano", "--tokens", "64"], "the picture alone has 64"),
      (["policy", "--preset", "nano", "--methods", "mole:13"], "a number of layers in 1...12"),
    ]
    try withWorkplace { place in
      for (arguments, sentence) in cases {
        let result = try place.run(["bench"] + arguments)
        #expect(result.exitCode == 64, "\(arguments)")
        #expect(result.messages.contains(sentence), "\(result.messages)")
        #expect(result.output.isEmpty)
      }
    }
  }

  @Test("without PyTorch says how to get it")
  func noTorch() throws {
    try withWorkplace { place in
      let result = try Program.run(
        ["bench", "decoder", "--preset", "tiny", "--against", "torch"], in: place.folder,
        adding: ["MOLE_TORCH_PYTHON": "/nowhere/python"])
      #expect(result.exitCode == 66)
      #expect(
        result.messages == "mole: There is no Python with PyTorch at '/nowhere/python'; make it"
          + " with 'Scripts/setup --bench', or set MOLE_TORCH_PYTHON to another.\n")
    }
  }

  @Test("a twin that breaks off is told from one that is not there")
  func brokenTorch() throws {
    try withWorkplace { place in
      let result = try Program.run(
        ["bench", "decoder", "--preset", "tiny", "--against", "torch"], in: place.folder,
        adding: ["MOLE_TORCH_PYTHON": "/bin/false"])
      #expect(result.exitCode == 70)
      #expect(result.messages.contains("gave no answer (it ended without a word)"))
    }
  }
}
