import Evaluation
import Foundation
import Manipulation
import Synchronization

/// A scripted policy that answers several questions in one call, and counts them.
struct BatchingPolicy: Policy {
  let scripted: ScriptedPolicy
  let calls = CallSizes()

  var name: String { scripted.name }
  var layerCount: Int { scripted.layerCount }

  func predict(_ query: PolicyQuery) throws -> Prediction { try scripted.predict(query) }

  /// Works from the last question to the first, which must not matter to anybody.
  func predict(_ queries: [PolicyQuery]) -> [Result<Prediction, any Error>] {
    calls.add(queries.count)
    return queries.reversed().map { query in
      Result {
        var prediction = try scripted.predict(query)
        prediction.batch = queries.count
        return prediction
      }
    }.reversed()
  }
}

/// How many questions each call of a policy had.
final class CallSizes: Sendable {
  private let sizes = Mutex<[Int]>([])

  var all: [Int] { sizes.withLock { $0 } }

  func add(_ size: Int) { sizes.withLock { $0.append(size) } }
}

/// What cannot be answered.
struct Unanswerable: Error, Equatable {
  var step: Int
}

extension ScriptedPolicy {
  /// Answers at random by the query's seed, but throws at one question.
  static func failing(atSeed seed: UInt64) -> ScriptedPolicy {
    ScriptedPolicy(name: random.name) { query in
      guard query.seed != seed else { throw Unanswerable(step: query.step) }
      return try random.answer(query)
    }
  }

  /// Walks at its own pace, ends in all ways that there are, and sees what it does.
  static let various = ScriptedPolicy(name: "various") { query in
    var generator = SeededGenerator(seed: query.seed)
    let kind = generator.uniform()
    if kind < 0.08 { return [] }
    if kind < 0.16 { return [Action(translation: [0, 0, -2], eulerAngles: .zero, gripper: 1)] }
    if kind < 0.24 { return [Action(translation: [.nan, 0, 0], eulerAngles: .zero, gripper: 1)] }
    let x = query.observation.gripperPose?.position.x ?? 0
    let walk = Action(
      translation: [0.2 - x, generator.uniform() * 0.1, 0], eulerAngles: .zero, gripper: 0)
    return [walk, walk]
  }
}
