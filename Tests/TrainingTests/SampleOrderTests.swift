import Testing
import Training

@Suite("The order of samples")
struct SampleOrderTests {
  /// Three tasks of 20, 60 and 120 samples.
  private let tasks = (0..<200).map { $0 < 20 ? 0 : $0 < 80 ? 1 : 2 }

  @Test("an epoch has every sample once, and the next has another order")
  func permutation() {
    let order = SampleOrder(.tasks(tasks, evenly: false), seed: 3)
    #expect(order.epochLength == 200)
    #expect(order.permutation(ofEpoch: 0).sorted() == Array(0..<200))
    #expect(order.permutation(ofEpoch: 1).sorted() == Array(0..<200))
    #expect(order.permutation(ofEpoch: 0) != order.permutation(ofEpoch: 1))
  }

  @Test("it depends on the seed alone, not on what was asked before")
  func determinism() {
    let forwards = SampleOrder(.tasks(tasks, evenly: false), seed: 3)
    let backwards = SampleOrder(.tasks(tasks, evenly: false), seed: 3)
    let places = Array(0..<650)
    let asked = places.map(forwards.sample(at:))
    #expect(asked == places.reversed().map(backwards.sample(at:)).reversed())
    #expect(
      asked == (0..<4).flatMap { forwards.permutation(ofEpoch: $0) }.prefix(650).map(\.self))
    let other = SampleOrder(.tasks(tasks, evenly: false), seed: 4)
    #expect(asked != places.map(other.sample(at:)))
  }

  @Test("every stretch of an epoch has of each task what the whole has, give or take two")
  func stratification() {
    let order = SampleOrder(.tasks(tasks, evenly: false), seed: 9).permutation(ofEpoch: 5)
    for (task, share) in [0.1, 0.3, 0.6].enumerated() {
      for start in 0..<160 {
        let found = order[start..<start + 40].count { tasks[$0] == task }
        #expect(abs(Double(found) - 40 * share) < 5, "task \(task) from \(start): \(found)")
      }
      let first = order.prefix(100).count { tasks[$0] == task }
      #expect(abs(Double(first) - 100 * share) <= 2, "task \(task): \(first)")
    }
  }

  @Test(
    "balanced by tasks, each comes as often as the largest, and none of its samples is left out")
  func balance() {
    let order = SampleOrder(.tasks(tasks, evenly: true), seed: 1)
    #expect(order.epochLength == 360)
    let epoch = order.permutation(ofEpoch: 0)
    for task in 0..<3 { #expect(epoch.count { tasks[$0] == task } == 120) }
    #expect(Set(epoch) == Set(0..<200))
    // 20 samples, 120 places: each six times.
    #expect(epoch.count { $0 == 7 } == 6)
  }

  @Test("balanced by movements, what leads far apart comes often, and nothing is left out")
  func movements() {
    // 100 approaches anywhere on a circle of 0.27 m, 100 lifts that are all alike.
    let kinds = (0..<200).map { $0 % 2 }
    let places = (0..<200).map { index -> SIMD3<Double> in
      let side: Double = index % 4 < 2 ? 1 : -1
      return index % 2 == 0 ? [0.27 * side, 0, -0.6] : [0, 0, 0.1]
    }
    let still = [Double](repeating: 0, count: kinds.count)
    let groups = SampleGroups.movements(kinds, places, turns: still)
    // As 0.27 to the least spread of 0.05.
    #expect(groups.shares == [169, 31])
    // As 0.27 to 0.16.
    let turned = SampleGroups.movements(kinds, places, turns: kinds.map { 1.6 * Double($0) })
    #expect(turned.shares == [126, 74])
    let epochs = (0..<5).flatMap { SampleOrder(groups, seed: 1).permutation(ofEpoch: $0) }
    #expect(epochs.count == 1000 && Set(epochs).count > 150)
    #expect(epochs.count { kinds[$0] == 0 } == 845)
  }
}
