import Checkpoints
import Foundation
import Manipulation
import NeuralLayers
import TensorMath
import Testing
import VLAPolicy

/// Checkpoints in experts: what they compute, cost and hold.
@Suite struct FactorizationTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "mole-factor-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func factorized(
    _ split: FactorizedCheckpoint.Split, of source: URL, topK: Int = 2
  ) throws -> URL {
    let out = folder.appending(path: "\(split.rawValue)-\(topK)")
    try FactorizedCheckpoint.write(
      source, to: out,
      FactorizedCheckpoint.Options(experts: 4, topK: topK, split: split, seed: 3))
    return out
  }

  private func answer(_ checkpoint: URL, _ method: String) throws -> Prediction {
    let network = try VLANetwork(checkpoint: checkpoint)
    let policy = try LayerSkippingPolicy(
      network: network, method: LayerMethod(method, keep: 0.5, depth: network.decoder.depth),
      unnormKey: "synthetic")
    let side = network.configuration.image.size
    let pixels = (0..<side * side * 3).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    return try policy.predict(
      PolicyQuery(
        observation: Observation(
          images: ["front": RGBImage(width: side, height: side, pixels: pixels)]),
        instruction: "close the box", step: 0, seed: 5))
  }

  private func distance(_ a: Prediction, _ b: Prediction) -> Float {
    zip(a.chunk.actions, b.chunk.actions).flatMap { zip($0.0.vector, $0.1.vector) }
      .map { abs($0.0 - $0.1) }.max() ?? .infinity
  }

  @Test(
    "with all experts the policy is the dense one, skipping layers or not",
    arguments: FactorizedCheckpoint.Split.allCases)
  func identity(split: FactorizedCheckpoint.Split) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = try fixture("cogact")
    let cut = try factorized(split, of: source)
    for (method, plain) in [
      ("factor:1R4E4K", "dense"), ("mole:3+factor:1R4E4K", "mole:3"),
      ("truncate:2+factor:1R4E4K", "truncate:2"), ("dense", "dense"), ("mole:3", "mole:3"),
    ] {
      let (whole, dense) = (try answer(cut, method), try answer(source, plain))
      #expect(distance(whole, dense) < 1e-4, "\(method)")
      #expect(whole.mask == dense.mask)
    }
    #expect(distance(try answer(cut, "factor:1R4E1K"), try answer(source, "dense")) > 1e-4)
  }

  @Test("put together again, every tensor has its bytes", arguments: ["cogact", "published/llama"])
  func roundTrip(name: String) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = try fixture(name)
    let cut = try factorized(.clustered, of: source)
    let joined = folder.appending(path: "joined")
    try FactorizedCheckpoint.join(cut, to: joined)
    let (before, after) = (
      try TensorArchive(checkpointDirectory: source), try TensorArchive(checkpointDirectory: joined)
    )
    #expect(before.names == after.names)
    for name in before.names {
      #expect(try before.elementType(of: name) == after.elementType(of: name))
      let (one, other) = (try bytes(name, before), try bytes(name, after))
      #expect(one == other, "\(name)")
    }
  }

  private func bytes(_ name: String, _ archive: TensorArchive) throws -> [UInt8] {
    try archive.withBytes(name) { span in
      span.byteOffsets.map { unsafe span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }
  }

  @Test("layers and experts are counted as they ran, and as the formulas say")
  func counted() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let cut = try factorized(.random, of: try fixture("cogact"))
    let dense = try answer(try fixture("cogact"), "dense")
    let language = try Configuration(checkpoint: cut).language
    for count in 1...4 {
      let answer = try answer(cut, "factor:1R4E\(count)K")
      let executed = answer.compute.executed[.languageLayers]
      #expect(executed == answer.compute.nominal[.languageLayers])
      let saved = 3 * language.width * (language.mlpWidth / 4) * (4 - count)
      let scores = language.width * 4
      let tokens = try #require(answer.expertTokens).map { $0.reduce(0, +) / count }
      #expect(Set(tokens).count == 1)
      #expect(
        executed
          == dense.compute.executed[.languageLayers]
          - language.depth * tokens[0] * (saved - scores))
    }
    let both = try answer(cut, "mole:3+factor:1R4E2K")
    let usage = try #require(both.expertTokens)
    #expect(usage.map(\.isEmpty) == both.mask.shares.map { $0 == 0 })
    #expect(both.compute.executed[.languageLayers] == both.compute.nominal[.languageLayers])
  }

  @Test("a method for other experts, or for none that are there, is refused in a sentence")
  func refusals() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = try fixture("cogact")
    let cut = try factorized(.contiguous, of: source)
    #expect(throws: PolicyError.self) { try answer(cut, "factor:1R8E2K") }
    #expect(throws: PolicyError.self) { try answer(source, "factor:1R4E2K") }
    for method in ["factor:3R4E2K", "factor:1R4E5K", "factor:", "mole+factor:4", "factor:1R0E0K"] {
      #expect(throws: PolicyError.self) { try LayerMethod(method, keep: 0.5, depth: 6) }
    }
    #expect(throws: PolicyError.self) { try factorized(.random, of: cut) }
    #expect(throws: PolicyError.self) {
      try FactorizedCheckpoint.join(source, to: folder.appending(path: "x"))
    }
    #expect(throws: PolicyError.self) {
      try FactorizedCheckpoint.write(
        source, to: folder.appending(path: "y"),
        FactorizedCheckpoint.Options(experts: 7, topK: 2))
    }
  }
}
