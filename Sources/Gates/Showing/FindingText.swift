internal import Foundation
internal import Reports

/// A finding in words and in numbers for people.
package struct FindingText {
  private let finding: Finding
  private let settings: GateSettings
  /// Whether there are other methods to be told from.
  private let namesMethods: Bool

  package init(_ finding: Finding, in report: GateReport) {
    self.finding = finding
    settings = report.settings
    namesMethods = Set(report.findings.map(\.methods)).count > 1
  }

  /// One sentence to act on.
  package var sentence: String {
    switch finding.verdict {
    case .regressed: "\(subject) regressed: \(evidence)."
    case .better: "\(subject) \(verb) better: \(evidence)."
    case .notWorse:
      "\(subject) \(verb) not worse (margin \(amount(finding.margin))): \(evidence)."
    case .cannotTell: "\(subject): cannot tell, \(evidence); \(outlook)."
    case .notJudged:
      "\(subject) \(verb) not judged: \(finding.reason ?? "there is nothing to judge")."
    }
  }

  private var verb: String {
    finding.check == .executedMACs || scope == FindingText.everything ? "are" : "is"
  }

  private static let everything = "All tasks together"

  private var scope: String { finding.task ?? FindingText.everything }

  private var subject: String {
    let method = namesMethods ? " (\(finding.methods.name))" : ""
    guard finding.check.isCost else {
      let isUsual = finding.check == .successAtEnd || finding.check == .successOnce
      return scope + method + (isUsual ? "" : ", \(finding.check.text)")
    }
    return finding.check.text.prefix(1).uppercased() + finding.check.text.dropFirst() + method
  }

  /// From what to what, by how much, how surely.
  private var evidence: String {
    var facts = [interval, pairs]
    if finding.verdict != .notWorse, finding.check.isCost {
      facts.append("margin \(amount(finding.margin))")
    }
    if let p = finding.adjustedP { facts.append("\(finding.overall ? "" : "Holm ")p \(pText(p))") }
    let effect = finding.effect.map { signed($0.value) } ?? "-"
    guard finding.check != .layerUsage else {
      return "total variation distance \(effect) (\(facts.joined(separator: ", ")))"
    }
    return "\(values) (\(([effect] + facts).joined(separator: ", ")))"
  }

  private var pairs: String {
    let count = "\(finding.pairs) \(finding.pairs == 1 ? "pair" : "pairs")"
    guard finding.isSequential == true else { return count }
    return finding.stoppedAfter.map { "decided after \($0) of \(count)" } ?? "all \(count)"
  }

  private var values: String {
    guard let base = finding.base, let candidate = finding.candidate else { return "-" }
    return "\(value(base)) -> \(value(candidate))"
  }

  /// The interval with its confidence.
  private var interval: String {
    let percent = NumberFormat(scale: 100, decimals: 2).text(1 - settings.alpha)
    let trimmed = percent.hasSuffix(".00") ? String(percent.dropLast(3)) : percent
    let kind = finding.isSequential == true ? "anytime-valid interval" : "interval"
    return "\(trimmed) % \(kind) \(intervalText)"
  }

  package var intervalText: String {
    guard let effect = finding.effect, let lower = effect.lower, let upper = effect.upper else {
      return "unknown"
    }
    return "\(number(lower)) to \(number(upper))"
  }

  private var outlook: String {
    guard let pairs = finding.pairsToDecide else {
      return "no number of episodes decides it while the rates stay as they are"
    }
    return "about \(pairs) more \(pairs == 1 ? "pair" : "pairs") would decide it"
  }

  private func pText(_ p: Double) -> String {
    p < 0.0001 ? "< 0.0001" : "= " + String(format: p < 0.1 ? "%.4f" : "%.2f", p)
  }

  /// The base's or the candidate's number with its unit.
  package func value(_ value: Double) -> String {
    switch finding.check {
    case .successAtEnd, .successOnce, .keyframeMatch: String(format: "%.1f %%", value * 100)
    case .positionError: String(format: "%.2f cm", value * 100)
    case .rotationError: String(format: "%.2f degrees", value)
    case .executedMACs: FindingText.large(value) + "MACs"
    case .latency: String(format: "%.2f ms", value * 1000)
    case .layerUsage: String(format: "%.3f", value)
    }
  }

  /// An effect, with its sign where it has one.
  package func signed(_ value: Double) -> String {
    switch finding.check {
    case .successAtEnd, .successOnce, .keyframeMatch: "\(number(value)) points"
    case .positionError: "\(number(value)) cm"
    case .rotationError: "\(number(value)) degrees"
    case .executedMACs, .latency: "\(number(value)) %"
    case .layerUsage: number(value)
    }
  }

  /// A margin, which is no change and has no sign.
  package func amount(_ value: Double) -> String {
    let text = signed(value)
    return text.hasPrefix("+") ? String(text.dropFirst()) : text
  }

  /// A number of the effect's unit, without it.
  private func number(_ value: Double) -> String {
    switch finding.check {
    case .successAtEnd, .successOnce, .keyframeMatch: FindingText.signed("%+.1f", value * 100)
    case .positionError: FindingText.signed("%+.2f", value * 100)
    case .rotationError: FindingText.signed("%+.2f", value)
    case .executedMACs, .latency: FindingText.signed("%+.2f", value * 100)
    case .layerUsage: String(format: "%.3f", value)
    }
  }

  /// Nothing is neither more nor less.
  private static func signed(_ format: String, _ value: Double) -> String {
    let text = String(format: format, value)
    return text.contains { ("1"..."9").contains($0) } ? text : String(text.dropFirst())
  }

  private static func large(_ value: Double) -> String {
    let steps: [(Double, String)] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
    guard let (scale, prefix) = steps.first(where: { value >= $0.0 }) else {
      return String(format: "%.0f ", value)
    }
    return String(format: "%.3f %@", value / scale, prefix)
  }
}
