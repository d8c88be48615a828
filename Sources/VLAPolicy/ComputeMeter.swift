package import Manipulation
package import TensorMath

/// Counts and times the parts of one query where they run.
package struct ComputeMeter: Sendable {
  package private(set) var executed = MACCount()
  package private(set) var seconds: [PolicyPart: Double] = [:]

  package init() {}

  /// Runs `body` and books its multiply-accumulates and its time on `part`.
  package mutating func measure<Result>(
    _ part: PolicyPart, _ body: (inout MACCounter) throws -> Result
  ) rethrows -> Result {
    var counter = MACCounter()
    let start = ContinuousClock.now
    defer {
      executed[part] += counter.count
      seconds[part, default: 0] += start.duration(to: .now) / .seconds(1)
    }
    return try body(&counter)
  }
}
