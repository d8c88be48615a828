internal import Manipulation
internal import Synchronization

/// In which order samples come: every epoch another permutation, each group spread evenly over it.
///
/// It depends on the seed alone, so that a training that goes on needs to know no more than where it
/// was.
package final class SampleOrder: Sendable {
  private let groups: SampleGroups
  private let seed: UInt64
  /// How many samples an epoch has.
  package let epochLength: Int
  private let newest: Mutex<(epoch: Int, order: [Int])>

  /// - Parameter groups: Of at least one sample.
  package init(_ groups: SampleGroups, seed: UInt64) {
    precondition(!groups.members.isEmpty, "there is no sample to put in order")
    self.groups = groups
    epochLength = groups.shares.reduce(0, +)
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

  /// Stratified: the i-th of n samples of a group comes at a random place of the i-th n-th part of
  /// the epoch, so that every stretch of it has of each task what that has of all, give or take one
  /// at either end.
  package func permutation(ofEpoch epoch: Int) -> [Int] {
    var placed: [(place: Double, sample: Int)] = []
    placed.reserveCapacity(epochLength)
    for (group, (own, share)) in zip(groups.members, groups.shares).enumerated() {
      var generator = SeededGenerator(
        seed: SeededGenerator.derive(seed, ["order", String(epoch), String(group)]))
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
