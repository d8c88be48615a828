internal import Files

/// A gate's report as JUnit XML, which build servers show: a test a finding.
package enum JUnitReport {
  package static func xml(_ report: GateReport) -> String {
    let cases = report.outcome == .notPaired ? pairing(report) : findings(report)
    let failures = cases.count { $0.result == .failure }
    let errors = cases.count { $0.result == .error }
    let skipped = cases.count { $0.result == .skipped }
    let counts =
      "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\""
      + " skipped=\"\(skipped)\""
    let suite = attribute("name", "\(report.candidate) against \(report.base)")
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="mole compare" \(counts)>
        <testsuite \(suite) \(counts)>
      \(cases.map(\.xml).joined(separator: "\n"))
        </testsuite>
      </testsuites>

      """
  }

  private enum Result: String {
    case passed
    case failure
    case error
    case skipped
  }

  private struct Case {
    var group: String
    var name: String
    var result: Result
    /// Of the result, such as `regressed`.
    var kind: String
    var message: String

    var xml: String {
      let start = "    <testcase \(attribute("classname", group)) \(attribute("name", name))"
      let text = attribute("message", message)
      switch result {
      case .passed:
        return start + ">\n      <system-out>\(escaped(message))</system-out>\n    </testcase>"
      case .failure, .error:
        return start + ">\n      <\(result.rawValue) \(attribute("type", kind)) \(text)/>"
          + "\n    </testcase>"
      case .skipped: return start + ">\n      <skipped \(text)/>\n    </testcase>"
      }
    }
  }

  private static func findings(_ report: GateReport) -> [Case] {
    report.findings.map { finding in
      let result: Result =
        switch finding.verdict {
        case .notWorse, .better: .passed
        case .regressed: .failure
        case .cannotTell: finding.keepsShut(report.settings) ? .failure : .skipped
        case .notJudged: .skipped
        }
      return Case(
        group: "\(finding.check.rawValue).\(finding.methods.name)",
        name: finding.task ?? "all tasks", result: result, kind: finding.verdict.rawValue,
        message: FindingText(finding, in: report).sentence)
    }
  }

  private static func pairing(_ report: GateReport) -> [Case] {
    let faults = report.faults.map {
      Case(
        group: "pairing.\($0.fact.rawValue)", name: $0.place, result: .error, kind: "not_paired",
        message: $0.text)
    }
    let missing = report.missing.map {
      Case(
        group: "pairing.missing", name: "episode '\($0.episode)' of '\($0.task)'",
        result: .error, kind: "not_paired", message: "missing in the \($0.missingIn.rawValue)")
    }
    guard faults.isEmpty, missing.isEmpty else { return faults + missing }
    return [
      Case(
        group: "pairing", name: "the runs", result: .error, kind: "not_paired",
        message: report.refusal ?? "")
    ]
  }

  private static func attribute(_ name: String, _ value: String) -> String {
    "\(name)=\"\(escaped(value))\""
  }

  /// Without characters that XML forbids.
  private static func escaped(_ text: String) -> String {
    let allowed = text.unicodeScalars.filter { $0.properties.generalCategory != .control }
    return XMLText.escaped(String(String.UnicodeScalarView(allowed)))
  }
}
