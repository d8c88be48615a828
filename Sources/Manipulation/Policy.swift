/// A question to a policy.
package struct PolicyQuery: Sendable {
  package var observation: Observation
  package var instruction: String
  /// The number of the step within the episode, from 0.
  package var step: Int
  /// Seeds everything random in the answer: diffusion noise, random layer choice.
  package var seed: UInt64
  /// What somebody who knows the answer would do now: the scripted expert in a simulated world,
  /// the demonstrator in a recording. Only for a policy that wants advice.
  package var advice: Action?

  package init(
    observation: Observation, instruction: String, step: Int, seed: UInt64, advice: Action? = nil
  ) {
    self.observation = observation
    self.instruction = instruction
    self.step = step
    self.seed = seed
    self.advice = advice
  }
}

/// A policy's answer and what it cost.
///
/// What it counts is what this query alone would have cost; its seconds are this query's share where
/// several were answered together.
package struct Prediction: Sendable {
  /// Un-normalised actions, the next to execute first.
  package var chunk: ActionChunk
  package var compute: ComputeCount
  /// The layers that ran.
  package var mask: LayerMask
  /// How much the first action changed, as normalised, from each tested early exit to the next;
  /// infinite where there was none before, empty where no exit was tested.
  package var exitDifferences: [Float]
  /// `[layer][expert]`: the tokens that each expert of a factorized layer processed, empty for a layer
  /// that did not run; `nil` for a policy without experts.
  package var expertTokens: [[Int]]?
  /// Wall-clock seconds by part; what belongs to no part is in `totalSeconds` alone.
  package var seconds: [PolicyPart: Double]
  package var totalSeconds: Double
  /// How many queries were answered together, this one included; a time is a latency where it is 1.
  package var batch: Int

  package init(
    chunk: ActionChunk, compute: ComputeCount, mask: LayerMask, exitDifferences: [Float] = [],
    seconds: [PolicyPart: Double], totalSeconds: Double, batch: Int = 1
  ) {
    self.chunk = chunk
    self.compute = compute
    self.mask = mask
    self.exitDifferences = exitDifferences
    self.seconds = seconds
    self.totalSeconds = totalSeconds
    self.batch = batch
  }
}

/// Anything that answers an observation with actions.
///
/// The answer depends on the query alone: the same query gives the same answer, whatever was
/// asked before, so that order, sharding and resumption never change a result.
package protocol Policy: Sendable {
  /// The method's name in tables and journals, such as `mole` or `early-exit`.
  var name: String { get }
  /// The number of layers of its language model; 0 when it has none.
  var layerCount: Int { get }
  /// Whether its questions shall carry advice; by default not, so that nobody cheats unawares.
  var wantsAdvice: Bool { get }

  /// - Throws: When the observation lacks what the policy needs (a camera, say).
  func predict(_ query: PolicyQuery) throws -> Prediction

  /// Answers several questions, which may belong to different episodes.
  ///
  /// The answers equal those of asking one by one, bit for bit but for the seconds: they depend
  /// neither on who else is asked nor on the order. (A network's may differ in the last digits where
  /// the processor lacks AVX-512 for its products; `mole eval` says so then.) A question that cannot be answered has its error
  /// in its place and spoils no other. By default the questions are asked one by one.
  ///
  /// - Returns: One result a query, in their order.
  func predict(_ queries: [PolicyQuery]) -> [Result<Prediction, any Error>]
}

extension Policy {
  package var wantsAdvice: Bool { false }

  package func predict(_ queries: [PolicyQuery]) -> [Result<Prediction, any Error>] {
    queries.map { query in Result { try predict(query) } }
  }
}
