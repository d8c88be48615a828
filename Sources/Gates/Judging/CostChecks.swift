internal import Foundation
internal import Outcomes

/// Whether the candidate computes more, takes longer, or uses other layers.
///
/// Each is judged over all tasks, from the interval of a bootstrap over pairs of episodes, and is
/// a question of its own at level alpha. Scripts cost nothing and are left out.
struct CostChecks {
  let settings: GateSettings
  let comparison: RunComparison

  func findings() -> [Finding] {
    let methods = comparison.methods.filter { $0.layerCounts.contains { $0 > 0 } }
    return methods.flatMap { method in
      [executedMACs(method), latency(method), layerUsage(method)].compactMap(\.self)
    }
  }

  private func executedMACs(_ method: RunComparison.PairedMethod) -> Finding? {
    guard settings.executedMACs.check else { return nil }
    let bootstrap = EpisodeBootstrap(method.pairing.tasks, draws: settings.bootstrap) { pair in
      [
        pair.base.executedMACs, Double(pair.base.queryCount), pair.candidate.executedMACs,
        Double(pair.candidate.queryCount),
      ]
    }
    var finding = Finding(
      .executedMACs, method.methods, pairs: bootstrap.count, margin: settings.executedMACs.margin)
    finding.base = bootstrap.total { $0[0] / $0[1] }
    finding.candidate = bootstrap.total { $0[2] / $0[3] }
    guard let base = finding.base, base > 0 else {
      return finding.unjudged(because: "the base computes nothing")
    }
    finding.effect = bootstrap.estimate(confidence: 1 - settings.alpha) {
      $0[2] * $0[1] / ($0[3] * $0[0]) - 1
    }
    return judged(finding)
  }

  private func latency(_ method: RunComparison.PairedMethod) -> Finding? {
    guard settings.latency.check else { return nil }
    let bootstrap = EpisodeBootstrap(method.pairing.tasks, draws: settings.bootstrap) { pair in
      guard let base = pair.base.seconds, let candidate = pair.candidate.seconds, base > 0,
        candidate > 0
      else { return nil }
      return [log(base), log(candidate), 1]
    }
    var finding = Finding(
      .latency, method.methods, pairs: bootstrap.count, margin: settings.latency.margin)
    if let reason = reasonAgainstLatency(method) { return finding.unjudged(because: reason) }
    finding.base = bootstrap.total { exp($0[0] / $0[2]) }
    finding.candidate = bootstrap.total { exp($0[1] / $0[2]) }
    finding.effect = bootstrap.estimate(confidence: 1 - settings.alpha) {
      exp(($0[1] - $0[0]) / $0[2]) - 1
    }
    return judged(finding)
  }

  private func reasonAgainstLatency(_ method: RunComparison.PairedMethod) -> String? {
    guard method.layerCounts.allSatisfy({ $0 > 0 }) else { return "one of them is a script" }
    return MachineComparison(base: comparison.base, candidate: comparison.candidate).difference
  }

  /// Half the sum, over the layers, of how far their shares of all use lie apart, in [0, 1].
  private func layerUsage(_ method: RunComparison.PairedMethod) -> Finding? {
    guard settings.layerUsage.check else { return nil }
    let count = method.layerCounts[0]
    let bootstrap = EpisodeBootstrap(method.pairing.tasks, draws: settings.bootstrap) { pair in
      guard pair.base.layerUse.count == count, pair.candidate.layerUse.count == count else {
        return nil
      }
      return pair.base.layerUse + pair.candidate.layerUse
    }
    var finding = Finding(
      .layerUsage, method.methods, pairs: bootstrap.count, margin: settings.layerUsage.margin)
    if let reason = reasonAgainstUsage(method) { return finding.unjudged(because: reason) }
    finding.effect = bootstrap.estimate(confidence: 1 - settings.alpha) {
      CostChecks.distance($0[..<count], $0[count...])
    }.map(CostChecks.centred)
    return judged(finding)
  }

  private func reasonAgainstUsage(_ method: RunComparison.PairedMethod) -> String? {
    guard method.methods.base == method.methods.candidate else {
      return "different methods use different layers"
    }
    guard method.layerCounts[0] != method.layerCounts[1] else { return nil }
    return "the networks have \(method.layerCounts[0]) and \(method.layerCounts[1]) layers"
  }

  private static func distance(_ base: ArraySlice<Double>, _ other: ArraySlice<Double>) -> Double? {
    let (whole, otherWhole) = (base.reduce(0, +), other.reduce(0, +))
    guard whole > 0, otherWhole > 0 else { return nil }
    return zip(base, other).reduce(0) { $0 + abs($1.0 / whole - $1.1 / otherWhole) } / 2
  }

  /// Chance moves a distance up, in the data and once more in each draw: the interval turned round
  /// at what was seen takes that back.
  private static func centred(_ estimate: Effect) -> Effect {
    guard let range = estimate.range else { return estimate }
    let value = estimate.value
    return Effect(
      value: value, lower: max(0, 2 * value - range.upperBound),
      upper: max(value, min(1, 2 * value - range.lowerBound)))
  }

  private func judged(_ finding: Finding) -> Finding {
    guard let effect = finding.effect, let range = effect.range else {
      return finding.unjudged(because: "too few pairs have the number")
    }
    var finding = finding
    finding.verdict = .ofCost(range, margin: finding.margin)
    if finding.verdict == .cannotTell {
      finding.pairsToDecide = PairsToDecide(level: settings.alpha / 2).more(
        than: finding.pairs, interval: range, level: settings.alpha / 2,
        distances: [abs(effect.value - finding.margin)])
    }
    return finding
  }
}
