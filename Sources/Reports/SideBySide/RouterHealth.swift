internal import Foundation
internal import Statistics

/// Whether a router uses its layers, and whether it looks at what it is asked.
package struct RouterHealth: Equatable, Sendable {
  package var queries: Int
  package var layerCount: Int
  /// The normalised entropy of the layers' usage over all queries, in [0, 1]: 1 where all layers
  /// run equally often.
  package var entropy: Double?
  /// The mean over tasks of the same within a task; what it lacks is a division of labour.
  package var entropyWithinTasks: Double?
  /// The mean over layers of the entropy of "does it run?", in bits.
  package var decisionBits: Double?
  /// Layers that no query ran.
  package var neverUsed: [Int]
  /// Layers that every query ran.
  package var alwaysUsed: [Int]
  package var distinctMasks: Int
  /// Over all pairs of queries of one task.
  package var sameTask: MaskLikeness?
  /// Over all pairs of queries of different tasks.
  package var differentTasks: MaskLikeness?

  static func mean(_ values: [Double?]) -> Double? { Sample(values.compactMap(\.self)).mean }
}

/// How alike two queries choose, as means over pairs of queries.
package struct MaskLikeness: Equatable, Sendable {
  /// The share of the layers on which both decide alike, in [0, 1].
  package var agreement: Double
  /// Jaccard's index of the layers run, in [0, 1]; absent where masks are too many to compare.
  package var overlap: Double?
}

enum Entropy {
  static func log2(_ value: Double) -> Double { Foundation.log2(value) }

  /// Of a coin that falls on one side with this probability.
  static func bits(_ probability: Double) -> Double {
    guard probability > 0, probability < 1 else { return 0 }
    return -probability * log2(probability) - (1 - probability) * log2(1 - probability)
  }
}
