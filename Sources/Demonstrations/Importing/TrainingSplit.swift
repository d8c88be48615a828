internal import Manipulation

/// Which episodes are held back for validation.
package struct TrainingSplit: Equatable, Sendable {
  package var train: [String]
  package var valid: [String]

  /// Draws a share of the episodes at random.
  ///
  /// - Parameters:
  ///   - names: All episodes, in order.
  ///   - validShare: The share to hold back, in 0..<1; more than 0 holds back at least one of two.
  ///   - task: Part of the seed, so that tasks are split independently.
  package init(of names: [String], validShare: Double, seed: UInt64, task: String) {
    precondition(validShare >= 0 && validShare < 1, "\(validShare) is no share to hold back")
    var generator = SeededGenerator(seed: SeededGenerator.derive(seed, ["split", task]))
    var count = Int((Double(names.count) * validShare).rounded())
    if validShare > 0, names.count > 1 { count = min(max(count, 1), names.count - 1) }
    let held = Set(names.indices.shuffled(using: &generator).prefix(count))
    train = names.indices.filter { !held.contains($0) }.map { names[$0] }
    valid = names.indices.filter(held.contains).map { names[$0] }
  }

  package init(train: [String], valid: [String]) {
    self.train = train
    self.valid = valid
  }
}
