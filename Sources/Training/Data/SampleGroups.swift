internal import Manipulation

/// Samples in groups, and how many of an epoch's samples each group gives.
package struct SampleGroups: Equatable, Sendable {
  /// The numbers of each group's samples; no group is empty.
  package let members: [[Int]]
  /// Samples of an epoch, by group; a group that gives more than it has repeats itself.
  package let shares: [Int]

  /// Tasks, all as long as they are or as often as the largest.
  ///
  /// - Parameter tasks: The number of each sample's task.
  package static func tasks(_ tasks: [Int], evenly: Bool) -> SampleGroups {
    let members = grouped(tasks)
    let largest = members.map(\.count).max() ?? 0
    return SampleGroups(members: members, shares: members.map { evenly ? largest : $0.count })
  }

  /// Kinds of movement, as often as there are of them times how far they go apart or turn.
  ///
  /// A movement that is always the same is learnt from few samples; where an object may lie
  /// anywhere, or the gripper is turned, it takes many.
  ///
  /// - Parameters:
  ///   - kinds: The number of each sample's kind, such as a task's second movement.
  ///   - movements: Where each sample goes, in metres, x, y and z.
  ///   - turns: By how much each turns the gripper, in radians.
  package static func movements(
    _ kinds: [Int], _ movements: [SIMD3<Double>], turns: [Double]
  ) -> SampleGroups {
    let members = grouped(kinds)
    let weights = members.map { own in
      let apart = spread(of: own.map { movements[$0] })
      let turned = own.reduce(0) { $0 + turns[$1] * turns[$1] } / Double(own.count)
      let size = (apart * apart + turned * metresOfRadian * metresOfRadian).squareRoot()
      return Double(own.count) * max(leastSpread, size)
    }
    let scale = Double(kinds.count) / max(weights.reduce(0, +), .leastNormalMagnitude)
    return SampleGroups(
      members: members, shares: weights.map { max(1, Int(($0 * scale).rounded())) })
  }

  /// What even the same movement counts for, in metres: about the size of what is grasped.
  private static let leastSpread = 0.05
  /// What a turn of a radian counts for, in metres: the length of a hand.
  private static let metresOfRadian = 0.1

  /// The standard deviation from the mean place, in metres.
  private static func spread(of places: [SIMD3<Double>]) -> Double {
    let count = Double(places.count)
    let mean = places.reduce(.zero, +) / count
    return (places.reduce(0) { $0 + (($1 - mean) * ($1 - mean)).sum() } / count).squareRoot()
  }

  private static func grouped(_ numbers: [Int]) -> [[Int]] {
    var members = [[Int]](repeating: [], count: (numbers.max() ?? -1) + 1)
    for (index, number) in numbers.enumerated() { members[number].append(index) }
    return members.filter { !$0.isEmpty }
  }
}

extension LearningSamples {
  /// The samples' groups, as a recipe wants them balanced.
  package func groups(_ balance: SampleBalance) -> SampleGroups {
    switch balance {
    case .frames: return .tasks(tasks, evenly: false)
    case .tasks: return .tasks(tasks, evenly: true)
    case .movements:
      let steps = (places.map(\.step).max() ?? 0) + 1
      return .movements(
        zip(tasks, places).map { $0 * steps + $1.step },
        places.indices.map { demonstratedAction($0).translation },
        turns: places.map { place in
          let frame = set.episodes[place.episode].recording.keyframes[place.step]
          return frame.observation.gripperPose?.rotation.angle(to: frame.action.rotation) ?? 0
        })
    }
  }
}
