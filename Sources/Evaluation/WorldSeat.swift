import Manipulation
import Outcomes

/// A world and the episode that goes on in it.
///
/// It stays in the thread that made it.
final class WorldSeat {
  private let environment: any Environment
  private let rules: RolloutRules
  private var episode: RunningEpisode?

  private struct RunningEpisode {
    let beginning: EpisodeBeginning
    let instruction: String
    var attempt: TaskAttempt
    /// Questions asked.
    var step = 0
    var frames: [RolloutFrame] = []
  }

  init(_ environment: any Environment, rules: RolloutRules) {
    (self.environment, self.rules) = (environment, rules)
  }

  /// Starts an episode; what went on before is left.
  func begin(_ beginning: EpisodeBeginning) throws -> RolloutMoment {
    let start = try environment.start(seed: beginning.seed, variation: beginning.variation)
    let episode = RunningEpisode(
      beginning: beginning, instruction: start.instruction,
      attempt: TaskAttempt(in: environment, from: start))
    self.episode = episode
    return try moment(of: episode)
  }

  /// Carries out the first actions of an answer, as many as the rules say.
  ///
  /// - Precondition: An episode was begun and asked a question.
  func carryOut(_ chunk: ActionChunk) throws -> RolloutMoment {
    guard var episode else { preconditionFailure("no episode was begun") }
    let first: [Action?] = chunk.actions.isEmpty ? [nil] : Array(chunk.actions)
    for action in first.prefix(rules.execute) where isGoingOn(episode) {
      var frame = rules.keepsFrames ? frame(of: episode) : nil
      guard let carriedOut = try episode.attempt.carryOut(action) else { continue }
      frame?.action = carriedOut
      if let frame { episode.frames.append(frame) }
    }
    episode.step += 1
    self.episode = episode
    return try moment(of: episode)
  }

  private func isGoingOn(_ episode: RunningEpisode) -> Bool {
    !episode.attempt.isOver && episode.attempt.actionCount < rules.budget
  }

  private func frame(of episode: RunningEpisode) -> RolloutFrame {
    RolloutFrame(episode.attempt.observation, in: environment)
  }

  private func moment(of episode: RunningEpisode) throws -> RolloutMoment {
    guard isGoingOn(episode) else { return .end(end(of: episode)) }
    return .question(
      PolicyQuery(
        observation: episode.attempt.observation, instruction: episode.instruction,
        step: episode.step,
        seed: PolicyQuery.seed(ofStep: episode.step, episodeSeed: episode.beginning.seed),
        advice: episode.beginning.wantsAdvice ? try environment.expertAction() : nil))
  }

  private func end(of episode: RunningEpisode) -> RolloutEnd {
    let attempt = episode.attempt
    return RolloutEnd(
      instruction: episode.instruction, successOnce: attempt.successOnce,
      successAtEnd: attempt.successAtEnd, failure: attempt.failure, actions: attempt.actionCount,
      simulatedSeconds: attempt.simulatedSeconds,
      frames: rules.keepsFrames ? episode.frames + [frame(of: episode)] : [])
  }
}

/// What holds for every episode of a rollout.
struct RolloutRules: Sendable {
  /// The most actions of an episode.
  var budget: Int
  /// The actions of an answer that are carried out before the policy is asked again.
  var execute: Int
  /// Whether somebody keeps what was seen.
  var keepsFrames: Bool
}

/// From what an episode follows, but for the answers.
struct EpisodeBeginning: Sendable {
  var seed: UInt64
  var variation: Int
  /// Whether its questions carry advice.
  var wantsAdvice: Bool
}

/// Where an episode stands.
enum RolloutMoment: Sendable {
  /// The policy is asked this.
  case question(PolicyQuery)
  case end(RolloutEnd)
}

/// What the world says of an episode that is over.
struct RolloutEnd: Sendable {
  var instruction: String
  var successOnce: Bool
  var successAtEnd: Bool
  var failure: OutcomeFailure?
  var actions: Int
  var simulatedSeconds: Double
  var frames: [RolloutFrame]
}
