import Manipulation

extension EvaluatedMethod {
  /// Asks the policy, and checks that its answer can be written down.
  ///
  /// - Throws: What the policy throws; `EvaluationError.unusableAnswer`.
  func answer(_ query: PolicyQuery, in episode: EpisodeIdentity) throws -> Prediction {
    let prediction = try policy.predict(query)
    let mask = prediction.mask
    var problem: String?
    if mask.layerCount != policy.layerCount {
      problem = "a mask of \(mask.layerCount) layers out of \(policy.layerCount)"
    } else if !mask.shares.allSatisfy({ $0 >= 0 && $0 <= 1 }) {
      problem = "a layer share outside [0, 1]"
    } else if !prediction.totalSeconds.isFinite
      || !prediction.seconds.values.allSatisfy(\.isFinite)
    {
      problem = "a time that is not finite"
    }
    guard let problem else { return prediction }
    throw EvaluationError.unusableAnswer(
      method: name, episode: episode.name, step: query.step, problem: problem)
  }
}

extension PolicyQuery {
  /// The seed of a step's question; it depends on the episode and the step, not on the method, so
  /// that all methods draw the same noise.
  static func seed(ofStep step: Int, episodeSeed: UInt64) -> UInt64 {
    SeededGenerator.derive(episodeSeed, ["query", String(step)])
  }
}
