internal import Manipulation
internal import Synchronization

/// In which order samples come: every epoch another permutation, each task spread evenly over it.
///
/// It depends on the seed alone, so that a training that goes on needs to know no more than where it
/// was.
package final class SampleOrder: Sendable {
  /// The numbers of each task's samples.
  private let samples: [[Int]]
  private let seed: UInt64
  /// How many samples an epoch has.
  package let epochLength: Int
  private let shares: [Int]
  private let newest: Mutex<(epoch: Int, order: [Int])>

  /// - Parameter tasks: The number of each sample's task; at least one sample.
  package init(tasks: [Int], balance: TaskBalance, seed: UInt64) {
    precondition(!tasks.isEmpty, "there is no sample to put in order")
    var samples = [[Int]](repeating: [], count: (tasks.max() ?? 0) + 1)
    for (index, task) in tasks.enumerated() { samples[task].append(index) }
    self.samples = samples.filter { !$0.isEmpty }
    let largest = self.samples.map(\.count).max() ?? 0
    shares = self.samples.map { balance == .frames ? $0.count : largest }
    epochLength = shares.reduce(0, +)
    self.seed = seed
    newest = Mutex((-1, []))
  }

  /// The number of the sample that comes after `position` others.
  package func sample(at position: Int) -> Int {
    let (epoch, place) = position.quotientAndRemainder(dividingBy: epochLength)
    return newest.withLock { known in
      if known.epoch != epoch { known = (epoch, permutation(ofEpoch: epoch)) }
      return known.order[place]
    }
  }

  /// Stratified: the i-th of n samples of a task comes at a random place of the i-th n-th part of
  /// the epoch, so that every stretch of it has of each task what that has of all, give or take one
  /// at either end.
  package func permutation(ofEpoch epoch: Int) -> [Int] {
    var placed: [(place: Double, sample: Int)] = []
    placed.reserveCapacity(epochLength)
    for (task, own) in samples.enumerated() {
      var generator = SeededGenerator(
        seed: SeededGenerator.derive(seed, ["order", String(epoch), String(task)]))
      let share = shares[task]
      var drawn: [Int] = []
      while drawn.count < share {
        drawn += own.shuffled(using: &generator).prefix(share - drawn.count)
      }
      for (index, sample) in drawn.enumerated() {
        placed.append(((Double(index) + generator.uniform()) / Double(share), sample))
      }
    }
    placed.sort { ($0.place, $0.sample) < ($1.place, $1.sample) }
    return placed.map(\.sample)
  }
}
