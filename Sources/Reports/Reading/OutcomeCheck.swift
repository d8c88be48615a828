internal import Manipulation
internal import Outcomes

/// Holds an outcome against the manifest, so that no table counts what the run did not do: an
/// unknown method or task, a layer mask of another network.
struct OutcomeCheck: Sendable {
  /// What a language model may have; a table has a column a layer.
  private static let layerCounts = 0...4096
  /// Larger than any error or time; sums of such numbers stay finite.
  private static let measures = 0...1e12

  /// More actions than any budget allows.
  private static let actions = 0...1_000_000

  /// More queries at once than any plan allows.
  private static let batches = 1...4096
  /// The most experts of a layer.
  private static let expertLimit = 1024

  private let mode: EvaluationMode
  private let layerCounts: [String: Int]
  private let tasks: Set<String>

  init(manifest: RunManifest) {
    mode = manifest.plan.mode
    layerCounts = Dictionary(
      manifest.methods.map { ($0.name, $0.layerCount) }, uniquingKeysWith: { first, _ in first })
    tasks = Set(manifest.tasks.map(\.name))
  }

  /// Why no run can have this manifest, or `nil`.
  static func objection(to manifest: RunManifest) -> String? {
    guard Set(manifest.methods.map(\.name)).count == manifest.methods.count else {
      return "two methods have one name"
    }
    for method in manifest.methods where !layerCounts.contains(method.layerCount) {
      return "method '\(method.name)' has \(method.layerCount) layers"
    }
    return nil
  }

  /// Why this outcome cannot be of this run, or `nil`.
  func objection(to outcome: EpisodeOutcome) -> String? {
    guard let layerCount = layerCounts[outcome.method] else {
      return "run.json does not list its method '\(outcome.method)'"
    }
    guard tasks.contains(outcome.episode.task) else {
      return "run.json does not list its task '\(outcome.episode.task)'"
    }
    if let reason = objectionToResult(of: outcome) { return reason }
    for query in outcome.queries {
      if let reason = objection(to: query, layerCount: layerCount) {
        return "query \(query.step): \(reason)"
      }
    }
    return nil
  }

  /// Whether it was judged as its mode judges, and sensibly.
  private func objectionToResult(of outcome: EpisodeOutcome) -> String? {
    guard outcome.mode == mode else {
      return "its mode is '\(outcome.mode.rawValue)' where run.json says '\(mode.rawValue)'"
    }
    if mode == .rollout {
      guard let once = outcome.successOnce, let atEnd = outcome.successAtEnd,
        let actions = outcome.actions
      else { return "a rollout without 'success_once', 'success_at_end' or 'actions'" }
      guard OutcomeCheck.measures.contains(outcome.simulatedSeconds ?? 0) else {
        return "a simulated time that is negative or beyond measure"
      }
      return objection(once: once, atEnd: atEnd, actions: actions)
    }
    return outcome.openLoop.flatMap {
      objection(once: $0.successOnce, atEnd: $0.successAtEnd, actions: $0.actions)
    }
  }

  private func objection(once: Bool, atEnd: Bool, actions: Int) -> String? {
    guard once || !atEnd else { return "solved at the end and yet never" }
    guard OutcomeCheck.actions.contains(actions) else { return "\(actions) actions" }
    return nil
  }

  private func objection(to query: QueryOutcome, layerCount: Int) -> String? {
    guard mode == .rollout || query.keyframeMatch != nil && query.gripperAgreement != nil else {
      return "it has no 'keyframe_match' or no 'gripper_agreement'"
    }
    guard query.layers.layerCount == layerCount else {
      return "\(query.layers.layerCount) layers where run.json says \(layerCount)"
    }
    guard query.layers.shares.allSatisfy({ (0...1).contains($0) }) else {
      return "a layer share outside 0 to 1"
    }
    guard query.experts.map({ areExperts($0, layerCount: layerCount) }) ?? true else {
      return "counts of experts that are negative, or not of each layer"
    }
    let compute = query.compute
    let isCounted = PolicyPart.allCases.allSatisfy {
      compute.nominal[$0] >= 0 && compute.executed[$0] >= 0
    }
    guard isCounted else { return "a negative count of MACs" }
    let measured = [query.positionError, query.rotationError, query.timing?.totalSeconds]
    let isMeasurable =
      measured.allSatisfy { OutcomeCheck.measures.contains($0 ?? 0) }
      && query.timing?.seconds.values.allSatisfy(OutcomeCheck.measures.contains) != false
    guard isMeasurable else { return "an error or a time that is negative or beyond measure" }
    guard OutcomeCheck.batches.contains(query.timing?.batch ?? 1) else {
      return "a batch of \(query.timing?.batch ?? 0) queries"
    }
    return nil
  }

  private func areExperts(_ counts: [[Int]], layerCount: Int) -> Bool {
    counts.count == layerCount
      && counts.allSatisfy { layer in
        layer.count <= OutcomeCheck.expertLimit && layer.allSatisfy { $0 >= 0 }
      }
  }
}

/// The lines of a journal that have been seen.
struct LineCensus {
  private var seen: Set<Line> = []

  private struct Line: Hashable {
    var method: String
    var episode: EpisodeIdentity
  }

  /// Why this outcome cannot be there as well, or `nil`.
  mutating func objection(to outcome: EpisodeOutcome) -> String? {
    guard seen.insert(Line(method: outcome.method, episode: outcome.episode)).inserted else {
      return "episode '\(outcome.episode.name)' of task '\(outcome.episode.task)' and method"
        + " '\(outcome.method)' is there twice"
    }
    return nil
  }
}
