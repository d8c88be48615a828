import Checkpoints
import Foundation
import Testing

@Suite("experts, from cutting to training")
struct ExpertCommandTests {
  private static let recipe = """
    name: experts
    method: dense
    initial: routed
    seed: 4
    updates: 3
    batch: 4
    lanes: 2
    set: [language.factorization.gate=ste]
    diffusion: {draws: 2}
    validation: {every: 3, samples: 4, best: last}
    """

  @Test("a policy is cut, routed, trained, evaluated, and put together again")
  func policy() throws {
    try withWorkplace { place in
      try place.makeCheckpoint()
      try place.makeSample(episodes: 6)
      try place.write(Self.recipe, to: "experts.yaml")
      let names = try FileManager.default.contentsOfDirectory(atPath: place.folder + "/sample")
      let demos = names.sorted().filter { $0.hasSuffix(".hdf5") }.map { "sample/\($0)" }
      try place.expectFine(
        ["checkpoint", "factorize", "tiny", "--experts", "4", "--top-k", "2"]
          + ["--split", "random", "-o", "cut"])
      try place.expectFine(
        ["checkpoint", "route", "cut", "--updates", "5", "-o", "routed", "--demos"] + demos)
      try place.expectFine(
        ["train", "--recipe", "experts.yaml", "--threads", "1", "--out", "trained", "--demos"]
          + demos)
      let (before, after) = (
        try TensorArchive(checkpointDirectory: place.url("routed")),
        try TensorArchive(checkpointDirectory: place.url("trained/checkpoint"))
      )
      #expect(before.names == after.names)
      for name in before.names where name.hasSuffix(".mlp.permutation") {
        #expect(try before.integers(name) == after.integers(name))
      }
      for part in ["mlp.router.weight", "mlp.experts.0.up_proj.weight"] {
        let moved = try before.names.filter { $0.hasSuffix(part) }.filter {
          try before.floats($0) != after.floats($0)
        }
        #expect(!moved.isEmpty, "\(part)")
      }
      let losses = try String(
        contentsOf: place.file("trained", "losses.csv"), encoding: .utf8)
      #expect(losses.contains("expert_balance"))
      try place.expectFine(
        ["eval", "--checkpoint", "trained/checkpoint", "--methods", "factor:1R4E2K,mole:3"]
          + ["--out", "run", "--threads", "1", "--demos"] + demos)
      try place.expectFine(
        ["checkpoint", "factorize", "--join", "trained/checkpoint", "-o", "joined"])
    }
  }

  @Test("of a language model only feed-forward blocks are tuned, routers where they learn")
  func language() throws {
    try withWorkplace { place in
      let model = Workplace.fixture("VLAPolicyTests/Fixtures/published/llama").path
      try place.write(String(repeating: "the robot closes the box and ", count: 40), to: "t.txt")
      try place.expectFine(
        ["checkpoint", "factorize", model, "--experts", "4", "--top-k", "2", "-o", "cut"])
      let tune = ["checkpoint", "tune", "cut", "--text", "t.txt", "--window", "16"]
      let more = ["--updates", "12", "--batch", "2", "--learning-rate", "0.01"]
      try place.expectFine(tune + more + ["-o", "hard"])
      try place.expectFine(
        tune + more + ["--set", "language.factorization.gate=ste", "-o", "ste"])
      let before = try TensorArchive(checkpointDirectory: place.url("cut"))
      for (name, learns) in [("hard", false), ("ste", true)] {
        let after = try TensorArchive(checkpointDirectory: place.url(name))
        #expect(after.names == before.names)
        for tensor in before.names where !tensor.hasSuffix(".permutation") {
          let isEqual = try before.floats(tensor) == after.floats(tensor)
          if tensor.contains(".mlp.experts.") {
            #expect(!isEqual, "\(name): \(tensor)")
          } else if tensor.contains(".mlp.router.") {
            #expect(isEqual != learns, "\(name): \(tensor)")
          } else {
            #expect(isEqual, "\(name): \(tensor)")
          }
        }
      }
      let table = try ["cut", "hard"].map { folder in
        let text = try place.expectFine(
          ["checkpoint", "perplexity", folder, "--text", "t.txt", "--window", "16"]
            + ["--methods", "factor:1R4E2K", "--format", "csv"])
        let rows = text.split(whereSeparator: \.isNewline).map { $0.split(separator: ",") }
        let column = try #require(rows[0].firstIndex(of: "perplexity"))
        return try #require(Double(rows[1][column]))
      }
      #expect(table[1] < 0.8 * table[0])
      try place.expectRefusal(
        tune + ["--window", "4000", "-o", "none"], exitCode: 64, containing: "fewer than",
        "a text of less than two windows")
    }
  }
}
