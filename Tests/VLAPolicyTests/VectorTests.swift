import Checkpoints
import Manipulation
import Testing
import VLAPolicy

/// Small vectors computed in double precision by `Scripts/fixtures/policy.py`.
@Suite struct VectorTests {
  private struct Vectors: Decodable {
    struct Diffusion: Decodable {
      let beta: [Double]
      let alpha_bar: [Double]
      let sampling_steps: [String: [Int]]
      let impossible_sampling_steps: [Int]
    }
    struct ActionTokens: Decodable {
      struct Pair: Decodable {
        let value: Double
        let token: Int
      }
      let first_unused_id: Int
      let bin_count: Int
      let encode: [Pair]
      let decode: [Pair]
    }
    let diffusion: Diffusion
    let action_tokens: ActionTokens
  }

  private let vectors: Vectors

  init() throws {
    vectors = try JSONFile.decode(Vectors.self, from: fixture("vectors.json"))
  }

  @Test("the noise schedule has the published values")
  func schedule() {
    let schedule = NoiseSchedule(stepCount: 100)
    for step in 0..<100 {
      #expect(abs(schedule.betas[step] - vectors.diffusion.beta[step]) < 1e-12)
      #expect(abs(schedule.signal[step] - vectors.diffusion.alpha_bar[step]) < 1e-12)
    }
  }

  @Test("sampling steps are evenly spaced, or refused")
  func steps() throws {
    for (count, steps) in vectors.diffusion.sampling_steps {
      #expect(NoiseSchedule.timeSteps(sampling: try #require(Int(count)), of: 100) == steps)
    }
    for count in vectors.diffusion.impossible_sampling_steps {
      #expect(NoiseSchedule.timeSteps(sampling: count, of: 100) == nil)
    }
  }

  @Test("action tokens encode and decode as OpenVLA's")
  func tokens() {
    let table = vectors.action_tokens
    let tokenizer = ActionTokenizer(
      ActionTokenConfiguration(
        binCount: table.bin_count, tokenCount: 7, firstUnusedId: table.first_unused_id))
    for pair in table.encode { #expect(tokenizer.token(for: pair.value) == pair.token) }
    for pair in table.decode {
      #expect(abs(Double(tokenizer.value(of: pair.token)) - pair.value) < 1e-6)
    }
  }
}
