package import Manipulation

/// Metres and radians → the numbers that a policy learns: what evaluation undoes.
package struct ActionScaling: Equatable, Sendable {
  private let low: [Double]
  private let high: [Double]
  private let isScaled: [Bool]

  /// The dimensions that are angles.
  static let angles = 3..<6

  /// - Throws: `TrainingDataError.badStatistics` when they are not those of a 7-D action.
  package init(_ statistics: DimensionStatistics) throws {
    let mask = statistics.mask ?? [Bool](repeating: true, count: Action.width)
    let widths = [statistics.q01.count, statistics.q99.count, mask.count]
    guard widths.allSatisfy({ $0 == Action.width }) else {
      throw TrainingDataError.badStatistics(problem: "an action has \(Action.width) numbers")
    }
    guard zip(statistics.q01, statistics.q99).allSatisfy({ $0 <= $1 && ($1 - $0).isFinite }) else {
      throw TrainingDataError.badStatistics(
        problem: "in some dimension q01 is larger than q99, or not finite")
    }
    low = statistics.q01
    high = statistics.q99
    isScaled = mask
  }

  /// An action's seven numbers: [q01, q99] becomes [-1, 1], beyond which is clipped; an angle is
  /// turned to where it lies next to the middle of its bounds. Masked ones, the gripper's as a rule,
  /// stay as they are.
  package func normalized(_ action: Action) -> [Float] {
    action.vector.enumerated().map { index, value in
      guard isScaled[index] else { return min(1, max(-1, value)) }
      let middle = (low[index] + high[index]) / 2
      let half = (high[index] - low[index]) / 2
      let near =
        Self.angles.contains(index) ? Double(value).turned(near: middle) : Double(value)
      return half > 0 ? Float(min(1, max(-1, (near - middle) / half))) : 0
    }
  }
}
