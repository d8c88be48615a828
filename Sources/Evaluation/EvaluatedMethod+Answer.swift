import Manipulation

extension EvaluatedMethod {
  /// Asks the policy several questions at once.
  ///
  /// - Parameter questions: Each with its episode.
  /// - Returns: One result a question: what the policy throws, or `EvaluationError.unusableAnswer`
  ///   where its answer cannot be written down.
  func answers(
    to questions: [(query: PolicyQuery, episode: EpisodeIdentity)]
  ) -> [Result<Prediction, any Error>] {
    let results = policy.predict(questions.map(\.query))
    precondition(
      results.count == questions.count,
      "'\(name)' gave \(results.count) answers to \(questions.count) questions")
    return zip(questions, results).map { question, result in
      Result { try checked(result.get(), to: question.query, in: question.episode) }
    }
  }

  private func checked(
    _ prediction: Prediction, to query: PolicyQuery, in episode: EpisodeIdentity
  ) throws -> Prediction {
    guard let problem = problem(of: prediction) else { return prediction }
    throw EvaluationError.unusableAnswer(
      method: name, episode: episode.name, step: query.step, problem: problem)
  }

  /// Why an answer cannot be written down.
  private func problem(of prediction: Prediction) -> String? {
    let mask = prediction.mask
    if mask.layerCount != policy.layerCount {
      return "a mask of \(mask.layerCount) layers out of \(policy.layerCount)"
    }
    if !mask.shares.allSatisfy({ $0 >= 0 && $0 <= 1 }) { return "a layer share outside [0, 1]" }
    let times = [prediction.totalSeconds] + prediction.seconds.values
    return times.allSatisfy(\.isFinite) ? nil : "a time that is not finite"
  }
}

extension PolicyQuery {
  /// The seed of a step's question; it depends on the episode and the step, not on the method, so
  /// that all methods draw the same noise.
  static func seed(ofStep step: Int, episodeSeed: UInt64) -> UInt64 {
    SeededGenerator.derive(episodeSeed, ["query", String(step)])
  }
}
