internal import Foundation

/// When a model may stop early: DeeR's action consistency (NeurIPS 2024).
///
/// After each exit's layers the action is predicted and compared with the one before it; the model
/// stops when the first action hardly changed, and at the last exit in any case.
package struct ExitRule: Equatable, Sendable {
  /// The number of layers below each exit, ascending; the last is the whole depth.
  package let exits: [Int]
  /// The largest difference at which each exit is taken.
  package let thresholds: [Float]

  /// - Precondition: One threshold an exit.
  package init(exits: [Int], thresholds: [Float]) {
    precondition(exits.count == thresholds.count, "\(thresholds.count) thresholds, \(exits)")
    self.exits = exits
    self.thresholds = thresholds
  }

  /// Exits after every `interval` layers and after the last.
  package static func exits(every interval: Int, depth: Int) -> [Int] {
    Array(stride(from: interval, to: depth, by: interval)) + [depth]
  }

  /// Whether an action must be predicted after `depth` layers: at each exit, and one layer before
  /// the first, whose action is what the first exit compares with.
  func asks(after depth: Int) -> Bool {
    exits.contains(depth) || depth + 1 == exits[0]
  }

  /// DeeR's `L2` criterion: the root mean square difference of two 6-D actions (gripper left out).
  ///
  /// - Parameters: `first` and `second` are normalised actions, gripper last.
  package static func difference(_ first: [Float], _ second: [Float]) -> Float {
    let squares = zip(first, second).prefix(6).map { ($0 - $1) * ($0 - $1) }
    return (squares.reduce(0, +) / Float(squares.count)).squareRoot()
  }
}

/// Stops by an `ExitRule` (`early-exit`).
package struct EarlyExitSelection: LayerSelection {
  private let rule: ExitRule

  package init(rule: ExitRule) {
    self.rule = rule
  }

  package var exitRule: ExitRule? { rule }
}

/// Follows one observation from exit to exit.
struct ExitTracker {
  private let rule: ExitRule?
  private var previous: [Float]?
  private(set) var differences: [Float] = []

  init(rule: ExitRule?) {
    self.rule = rule
  }

  /// Takes note of the action after `depth` layers and says whether the model stops here.
  mutating func leaves(after depth: Int, with action: [Float]) -> Bool {
    defer { previous = action }
    guard let rule, let exit = rule.exits.firstIndex(of: depth) else { return false }
    let difference = previous.map { ExitRule.difference($0, action) } ?? .infinity
    differences.append(difference)
    return difference <= rule.thresholds[exit]
  }
}

extension ExitRule {
  /// Thresholds at which calibration samples leave in the given proportions.
  ///
  /// As in DeeR's `value_net.py`: walk the exits in order, and let the samples with the smallest
  /// differences leave until the exit has its share.
  ///
  /// - Parameters:
  ///   - differences: `[sample][exit]`.
  ///   - proportions: One share an exit, adding up to 1.
  /// - Returns: One threshold an exit; the last is infinite.
  package static func thresholds(differences: [[Float]], proportions: [Double]) -> [Float] {
    var staying = Array(differences.indices)
    var thresholds: [Float] = []
    var share = 0.0
    for (exit, proportion) in proportions.dropLast().enumerated() {
      share += proportion
      // Rounded over all exits so far: DeeR rounds each down, which with few samples sends too
      // many to the last exit.
      let goneCount = differences.count - staying.count
      let leavingCount = Int((Double(differences.count) * share).rounded()) - goneCount
      let order = staying.sorted { differences[$0][exit] < differences[$1][exit] }
      // A first exit after the first layer has nothing to compare with: its difference is
      // infinite, and nobody leaves there.
      let leaving = order.prefix(max(0, leavingCount)).filter {
        differences[$0][exit].isFinite
      }
      thresholds.append(leaving.last.map { differences[$0][exit] } ?? -.infinity)
      staying = Array(order.dropFirst(leaving.count))
    }
    return thresholds + [.infinity]
  }

  /// Proportions `ratio^i`, normalised, whose mean depth is `meanDepth` layers.
  ///
  /// - Returns: The closest to it that exits can give.
  package static func proportions(exits: [Int], meanDepth: Double) -> [Double] {
    func proportions(_ logRatio: Double) -> [Double] {
      let weights = exits.indices.map { exp(logRatio * Double($0 - exits.count / 2)) }
      let total = weights.reduce(0, +)
      return weights.map { $0 / total }
    }
    func depth(_ logRatio: Double) -> Double {
      zip(proportions(logRatio), exits).reduce(0) { $0 + $1.0 * Double($1.1) }
    }
    var (low, high) = (-30.0, 30.0)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if depth(middle) < meanDepth { low = middle } else { high = middle }
    }
    return proportions((low + high) / 2)
  }
}
