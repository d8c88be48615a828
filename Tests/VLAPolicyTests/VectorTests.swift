import Checkpoints
import Manipulation
import Testing
import VLAPolicy

/// Small vectors computed in double precision by `Scripts/fixtures/policy.py`.
@Suite struct VectorTests {
  private struct Vectors: Decodable {
    struct Diffusion: Decodable {
      let beta: [Double]
      let alphaBar: [Double]
      let samplingSteps: [String: [Int]]
      let impossibleSamplingSteps: [Int]

      private enum CodingKeys: String, CodingKey {
        case beta
        case alphaBar = "alpha_bar"
        case samplingSteps = "sampling_steps"
        case impossibleSamplingSteps = "impossible_sampling_steps"
      }
    }
    struct ActionTokens: Decodable {
      struct Pair: Decodable {
        let value: Double
        let token: Int
      }
      let firstUnusedID: Int
      let binCount: Int
      let encode: [Pair]
      let decode: [Pair]

      private enum CodingKeys: String, CodingKey {
        case firstUnusedID = "first_unused_id"
        case binCount = "bin_count"
        case encode
        case decode
      }
    }
    let diffusion: Diffusion
    let actionTokens: ActionTokens

    private enum CodingKeys: String, CodingKey {
      case diffusion
      case actionTokens = "action_tokens"
    }
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
      #expect(abs(schedule.signal[step] - vectors.diffusion.alphaBar[step]) < 1e-12)
    }
  }

  @Test("sampling steps are evenly spaced, or refused")
  func steps() throws {
    for (count, steps) in vectors.diffusion.samplingSteps {
      #expect(NoiseSchedule.timeSteps(sampling: try #require(Int(count)), of: 100) == steps)
    }
    for count in vectors.diffusion.impossibleSamplingSteps {
      #expect(NoiseSchedule.timeSteps(sampling: count, of: 100) == nil)
    }
  }

  @Test("action tokens encode and decode as OpenVLA's")
  func tokens() {
    let table = vectors.actionTokens
    let tokenizer = ActionTokenizer(
      ActionTokenConfiguration(
        binCount: table.binCount, tokenCount: 7, firstUnusedId: table.firstUnusedID))
    for pair in table.encode { #expect(tokenizer.token(for: pair.value) == pair.token) }
    for pair in table.decode {
      #expect(abs(Double(tokenizer.value(of: pair.token)) - pair.value) < 1e-6)
    }
  }
}
