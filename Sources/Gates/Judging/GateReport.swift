package import Outcomes

/// The verdict of a gate on two runs, with everything that it rests on.
package struct GateReport: Codable, Equatable, Sendable {
  package static let currentSchema = "mole-gate-1"

  package var schemaVersion: String
  package var outcome: Outcome
  package var mode: EvaluationMode
  package var base: String
  package var candidate: String
  package var settings: GateSettings
  /// Pairs of episodes, over all methods.
  package var pairs: Int
  /// What keeps the episodes from being pairs; there are no findings then.
  package var faults: [PairingFault]
  package var missing: [MissingEpisode]
  /// Why nothing was judged, in one sentence; absent where it was.
  package var refusal: String?
  /// What a reader should know beside: half sentences.
  package var remarks: [String]
  package var findings: [Finding]

  package enum CodingKeys: String, CodingKey {
    case schemaVersion = "schema_version"
    case outcome
    case mode
    case base
    case candidate
    case settings
    case pairs
    case faults
    case missing
    case refusal
    case remarks
    case findings
  }

  /// What follows for whoever asked.
  package enum Outcome: String, Codable, Sendable {
    case passed
    case regressed
    case cannotTell = "cannot_tell"
    /// The runs cannot be compared pair by pair.
    case notPaired = "not_paired"
  }
}

extension GateReport {
  /// Judges two runs.
  ///
  /// - Parameters:
  ///   - allowPartial: Whether episodes that only one side has are left aside; otherwise they keep
  ///     everything from being judged.
  ///   - sequentially: Whether success is judged as if the pairs had come one by one, by a test
  ///     that stops when it has decided; it does not judge single tasks.
  package init(
    judging comparison: RunComparison, by settings: GateSettings, allowPartial: Bool = false,
    sequentially: Bool = false
  ) {
    self.init(comparison, settings)
    do {
      try comparison.check(allowPartial: allowPartial)
    } catch {
      refusal = error.description
      return
    }
    remarks = Remarks(comparison).texts
    switch mode {
    case .rollout where settings.success.check && sequentially:
      findings = SequentialCheck(settings: settings).findings(comparison)
    case .rollout where settings.success.check:
      findings = SuccessCheck(settings: settings).findings(comparison)
    case .replay where settings.replay.check:
      findings = ReplayCheck(settings: settings).findings(comparison)
    default: break
    }
    findings += CostChecks(settings: settings, comparison: comparison).findings()
    outcome = GateReport.outcome(of: findings, settings)
  }

  /// A report without findings.
  init(_ comparison: RunComparison, _ settings: GateSettings) {
    self.settings = settings
    schemaVersion = GateReport.currentSchema
    outcome = .notPaired
    mode = comparison.base.plan.mode
    base = comparison.baseName
    candidate = comparison.candidateName
    pairs = comparison.methods.reduce(0) { $0 + $1.pairing.pairCount }
    faults = comparison.allFaults
    missing = comparison.missing
    remarks = []
    findings = []
  }

  private static func outcome(of findings: [Finding], _ settings: GateSettings) -> Outcome {
    if findings.contains(where: { $0.verdict == .regressed }) { return .regressed }
    return findings.contains { $0.keepsShut(settings) } ? .cannotTell : .passed
  }
}

extension Finding {
  /// Whether it keeps a gate from opening.
  package func keepsShut(_ settings: GateSettings) -> Bool {
    switch verdict {
    case .regressed: true
    case .cannotTell:
      (overall ? settings.cannotTell : settings.tasksCannotTell) == .fail
    case .notWorse, .better, .notJudged: false
    }
  }
}
