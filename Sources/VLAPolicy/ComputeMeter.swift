package import Manipulation
package import TensorMath

/// One sample's part of work that several samples do together.
struct WorkShare: Sendable {
  /// The number of the sample.
  let sample: Int
  /// Its rows among those of all; time and linear maps are shared by them.
  var rows = 1
  /// Those of its multiply-accumulates that do not grow with the rows alone.
  var attention = 0

  /// Samples that do the same.
  static func even(_ samples: some Sequence<Int>) -> [WorkShare] {
    samples.map { WorkShare(sample: $0) }
  }
}

/// Counts and times the parts of a policy where they run, for each sample of a batch.
package struct ComputeMeter: Sendable {
  /// What one sample cost.
  package struct Sample: Sendable {
    /// What it would have cost alone.
    package fileprivate(set) var executed = MACCount()
    /// Its share of the time.
    package fileprivate(set) var seconds: [PolicyPart: Double] = [:]
  }

  package private(set) var samples: [Sample]

  package init(sampleCount: Int = 1) {
    samples = Array(repeating: Sample(), count: sampleCount)
  }

  /// Runs `body`, in which all samples do the same, and books its multiply-accumulates and its time
  /// on `part`.
  package mutating func measure<Result>(
    _ part: PolicyPart, _ body: (inout MACCounter) throws -> Result
  ) rethrows -> Result {
    try measure(part, sharedBy: WorkShare.even(samples.indices), body)
  }

  /// Runs `body` and books on each of these samples what it cost.
  ///
  /// - Precondition: Less attention, what `body` counts is the same for every row.
  mutating func measure<Result>(
    _ part: PolicyPart, sharedBy shares: [WorkShare],
    _ body: (inout MACCounter) throws -> Result
  ) rethrows -> Result {
    var counter = MACCounter()
    let start = ContinuousClock.now
    defer {
      book(counter.count, start.duration(to: .now) / .seconds(1), on: part, sharedBy: shares)
    }
    return try body(&counter)
  }

  private mutating func book(
    _ count: Int, _ seconds: Double, on part: PolicyPart, sharedBy shares: [WorkShare]
  ) {
    let rows = shares.reduce(0) { $0 + $1.rows }
    let linear = count - shares.reduce(0) { $0 + $1.attention }
    precondition(
      linear >= 0 && linear.isMultiple(of: max(1, rows)),
      "\(linear) multiply-accumulates cannot be shared by \(rows) rows")
    for share in shares {
      samples[share.sample].executed[part] += linear / rows * share.rows + share.attention
      samples[share.sample].seconds[part, default: 0] +=
        seconds * Double(share.rows) / Double(rows)
    }
  }
}
