internal import Manipulation
internal import Outcomes

/// An episode as the page's script reads it.
struct ViewerEpisode: Encodable {
  var run: String
  /// Policy and method.
  var policy: String
  var task: String
  var episode: String
  var instruction: String
  var outcome: String
  /// Whether it was solved; absent where nothing was judged.
  var solved: Bool?
  var layerCount: Int
  var steps: [ViewerStep]
  /// For each step, and for the end, the number of a picture; empty without pictures.
  var pictures: [Int] = []

  init(_ outcome: EpisodeOutcome, run: String, policy: String) {
    self.run = run.visible
    self.policy = policy.visible
    task = outcome.episode.task.visible
    episode = "\(outcome.episode.index) (\(outcome.episode.name))".visible
    instruction = outcome.instruction.visible
    self.outcome = outcome.ending
    solved = outcome.successOnce ?? outcome.openLoop?.successOnce
    layerCount = outcome.queries.map(\.layers.layerCount).max() ?? 0
    steps = outcome.queries.map(ViewerStep.init)
  }
}

/// A query of an episode as the page's script reads it; numbers are rounded to what is shown.
struct ViewerStep: Encodable {
  /// Metres, radians, and 1 for an open gripper.
  var action: [Double?]
  /// What the demonstrator did; absent in a rollout.
  var demonstrated: [Double?]?
  /// In metres.
  var positionError: Double?
  /// In degrees.
  var rotationError: Double?
  var match: Bool?
  var failure: String?
  /// For each layer the share of the tokens that it processed.
  var layers: [Double]
  /// Executed by router and language layers.
  var languageMACs: Int
  var totalMACs: Int
  var seconds: Double?

  init(_ query: QueryOutcome) {
    action = query.predictedAction.map { rounded($0.map(Double.init), to: 1e4) }
    demonstrated = query.demonstratedAction?.map { rounded($0.map(Double.init), to: 1e4) }
    positionError = rounded(query.positionError, to: 1e5)
    rotationError = rounded(query.rotationError, to: 1e3)
    match = query.keyframeMatch
    failure = query.failure?.words
    layers = query.layers.shares.map { (Double($0) * 1e3).rounded() / 1e3 }
    languageMACs = query.compute.executed.languageModel
    totalMACs = query.compute.executed.total
    seconds = rounded(query.timing?.totalSeconds, to: 1e6)
  }
}

/// `nil` also for what JSON cannot hold.
private func rounded(_ value: Double?, to scale: Double) -> Double? {
  guard let value, value.isFinite, abs(value) < 1e9 else { return nil }
  return (value * scale).rounded() / scale
}

extension EpisodeOutcome {
  /// How it ended, in words.
  var ending: String {
    if let once = successOnce {
      if once { return successAtEnd == true ? "solved" : "solved, but not at the end" }
      return "not solved: \(failure?.words ?? "out of actions")"
    }
    let matches = queries.count { $0.keyframeMatch == true }
    let match = "\(matches) of \(queries.count) key frames match"
    guard let openLoop else { return match }
    let result = openLoop.successOnce ? "solved" : "not solved"
    return "\(match); open loop: \(result)"
      + (openLoop.failure.map { ", \($0.words)" } ?? "")
  }
}

extension OutcomeFailure {
  fileprivate var words: String { rawValue.replacing("_", with: " ") }
}
