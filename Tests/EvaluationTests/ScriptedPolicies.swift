import Evaluation
import Foundation
import Manipulation
import Synchronization

/// A policy whose answers a test writes.
struct ScriptedPolicy: Policy {
  let name: String
  let layerCount = 4
  let answer: @Sendable (PolicyQuery) throws -> [Action]

  func predict(_ query: PolicyQuery) throws -> Prediction {
    let start = ContinuousClock.now
    let actions = try answer(query)
    let dense = MACCount([.vision: 10, .languageLayers: 400])
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    return Prediction(
      chunk: ActionChunk(actions: actions),
      compute: ComputeCount(nominal: dense, executed: dense),
      mask: LayerMask(running: [0, query.step % layerCount], of: layerCount),
      seconds: [.vision: seconds / 2, .languageLayers: seconds / 3], totalSeconds: seconds)
  }
}

extension ScriptedPolicy {
  /// Answers what was demonstrated; instructions tell the episodes apart.
  static func oracle(_ sources: [ListedEpisodes]) -> ScriptedPolicy {
    var actions: [String: [Action]] = [:]
    for episode in sources.flatMap(\.episodes) {
      actions[episode.instruction] = episode.keyframes.map(\.action)
    }
    let known = actions
    return ScriptedPolicy(name: "oracle") { [known[$0.instruction]?[$0.step]].compactMap { $0 } }
  }

  static func repeating(_ action: Action, name: String = "repeating") -> ScriptedPolicy {
    ScriptedPolicy(name: name) { _ in [action] }
  }

  /// Answers at random by the query's seed.
  static let random = ScriptedPolicy(name: "random") { query in
    var generator = SeededGenerator(seed: query.seed)
    return [
      Action(vector: (0..<Action.width).map { _ in Float(generator.uniform()) - 0.5 })
    ]
  }

  /// Kills this very process at its `count`-th query, as nobody can refuse.
  static func killing(atQuery count: Int) -> ScriptedPolicy {
    let asked = QueryCount()
    return ScriptedPolicy(name: random.name) { query in
      asked.add()
      if asked.value == count { kill(getpid(), SIGKILL) }
      return try random.answer(query)
    }
  }
}

/// Episodes in memory.
struct ListedEpisodes: EpisodeSource {
  let task: String
  var episodes: [Episode]

  var name: String { "\(task).hdf5" }
  var episodeCount: Int { episodes.count }

  func episodeName(at index: Int) throws -> String { episodes[index].identity.name }

  func episode(at index: Int) throws -> Episode { episodes[index] }

  /// Made-up episodes with random actions, each with its own instruction.
  init(task: String, lengths: [Int]) {
    self.task = task
    var generator = SeededGenerator(seed: SeededGenerator.derive(1, [task]))
    episodes = lengths.enumerated().map { index, length in
      Episode(
        identity: EpisodeIdentity(
          suite: "recorded", task: task, variation: 0, name: "demo_\(index)", index: index),
        instruction: "\(task) \(index)",
        keyframes: (0..<length).map { step in
          Keyframe(
            frameIndex: 7 * step, observation: Observation(),
            action: Action(
              vector: (0..<Action.width).map { _ in Float(generator.uniform()) * 2 - 1 }))
        })
    }
  }

  /// Two tasks with episodes of different lengths.
  static let twoTasks = [
    ListedEpisodes(task: "close_jar", lengths: [3, 1, 4]),
    ListedEpisodes(task: "open_drawer", lengths: [2, 5]),
  ]
}

/// A count that many may add to.
final class QueryCount: Sendable {
  private let count = Atomic<Int>(0)

  var value: Int { count.load(ordering: .relaxed) }

  func add() { count.add(1, ordering: .relaxed) }
}
