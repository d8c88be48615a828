import Manipulation
package import Outcomes

/// Where a repeated episode first leaves the recorded one.
package struct EpisodeDifference: Equatable, Sendable {
  /// The step, from 0; `nil` where all steps are alike and the outcome is not.
  package let step: Int?
  /// What differs, such as `pictures`, `answer`, `layers`.
  package let what: String

  /// Compares all but times; digests only where both have them.
  ///
  /// - Returns: `nil` where there is no difference.
  package init?(between recorded: EpisodeOutcome, and again: EpisodeOutcome) {
    for (step, (one, two)) in zip(recorded.queries, again.queries).enumerated() {
      if let what = firstDifference(QueryOutcome.contents, one, two) {
        (self.step, self.what) = (step, what)
        return
      }
    }
    if recorded.queries.count != again.queries.count {
      step = min(recorded.queries.count, again.queries.count)
      what = "number of steps"
    } else if let what = firstDifference(EpisodeOutcome.contents, recorded, again) {
      (step, self.what) = (nil, what)
    } else {
      return nil
    }
  }
}

/// A part of a record, and whether two records have the same.
private struct Content<Record> {
  let name: String
  let isSame: (Record, Record) -> Bool

  init<Value: Equatable>(_ name: String, _ value: @escaping (Record) -> Value) {
    self.name = name
    isSame = { value($0) == value($1) }
  }

  /// A part that older records lack.
  init<Value: Equatable>(_ name: String, ifBoth value: @escaping (Record) -> Value?) {
    self.name = name
    isSame = { one, two in
      guard let one = value(one), let two = value(two) else { return true }
      return one == two
    }
  }
}

private func firstDifference<Record>(
  _ contents: [Content<Record>], _ one: Record, _ two: Record
) -> String? {
  contents.first { !$0.isSame(one, two) }?.name
}

extension QueryOutcome {
  /// In the order in which one follows from the others.
  fileprivate static var contents: [Content<QueryOutcome>] {
    [
      Content("frame") { $0.frameIndex },
      Content("pictures", ifBoth: { $0.digests?.pictures }),
      Content("state", ifBoth: { $0.digests?.state }),
      Content("gripper seen", ifBoth: { $0.gripperOpen }),
      Content("layers") { $0.layers },
      Content("answer", ifBoth: { $0.digests?.answer }),
      Content("answer") { $0.predictedAction },
      Content("failure") { $0.failure },
      Content("MACs") { $0.compute },
      Content("demonstrated action") { $0.demonstratedAction },
      Content("position error") { $0.positionError },
      Content("rotation error") { $0.rotationError },
      Content("gripper agreement") { $0.gripperAgreement },
      Content("match") { $0.keyframeMatch },
    ]
  }
}

extension EpisodeOutcome {
  fileprivate static var contents: [Content<EpisodeOutcome>] {
    [
      Content("instruction") { $0.instruction },
      Content("success once") { $0.successOnce },
      Content("success at end") { $0.successAtEnd },
      Content("failure") { $0.failure },
      Content("actions") { $0.actions },
      Content("simulated seconds") { $0.simulatedSeconds },
      Content("open loop") { $0.openLoop },
      Content("match rate") { $0.keyframeMatchRate },
    ]
  }
}
