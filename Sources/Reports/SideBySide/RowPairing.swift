internal import Manipulation
internal import Statistics

/// Holds rows against a base, episode by episode.
struct RowPairing {
  let groups: [RowGroup]
  let tasks: [String]
  let draws: Int

  /// Base by base every other row of the same wording.
  ///
  /// - Parameter bases: As the command takes them; none means the dense method, if there is one.
  func comparisons(against bases: [String]) throws(ReportError) -> [PairedComparison] {
    var names: [RowName] = []
    for base in bases {
      let name = try found(base)
      if !names.contains(name) { names.append(name) }
    }
    if bases.isEmpty { names = usualBase.map { [$0] } ?? [] }
    return names.flatMap { name in groups.compactMap { comparison(of: $0, against: name) } }
  }

  /// The dense method of the policy that is called so, else the first one.
  private var usualBase: RowName? {
    let dense = groups.filter { $0.name.method == RunSummary.denseMethod && !$0.isPartOfPool }
    return (dense.first { $0.name.policy == RunSummary.denseMethod } ?? dense.first)?.name
  }

  /// The row of a policy and method, or the dense or only one of a policy; in the wording that
  /// comes first.
  private func found(_ text: String) throws(ReportError) -> RowName {
    if let row = groups.first(where: { $0.name.text == text }) { return row.name }
    let ofPolicy = groups.map(\.name).filter { $0.policy == text }
    let dense = ofPolicy.first { $0.method == RunSummary.denseMethod }
    let isOnly = Set(ofPolicy.map(\.method)).count == 1
    guard let name = dense ?? (isOnly ? ofPolicy.first : nil) else {
      throw .noSuchRow(text, rows: groups.map(\.name.text).inOrder)
    }
    return name
  }

  /// `nil` for a row that is the base, or part of it, or in other words.
  private func comparison(of group: RowGroup, against name: RowName) -> PairedComparison? {
    var wanted = name
    wanted.wording = group.name.wording
    guard let base = groups.first(where: { $0.name == wanted }) else { return nil }
    let opponent = group.isPool ? base : sameSeed(of: base, as: group)
    guard opponent.name != group.name, !isPart(group, of: base) else { return nil }
    return comparison(of: group, with: opponent)
  }

  /// One seed of a policy is held against the same seed of the other, where that has it.
  private func sameSeed(of base: RowGroup, as group: RowGroup) -> RowGroup {
    guard base.isPool, let seed = group.members[0].label.seed,
      let member = base.members.first(where: { $0.label.seed == seed })
    else { return base }
    return groups.first {
      !$0.isPool && $0.members[0].label == member.label && $0.name.method == base.name.method
        && $0.name.wording == base.name.wording
    } ?? base
  }

  private func isPart(_ group: RowGroup, of base: RowGroup) -> Bool {
    guard base.isPool, !group.isPool, group.name.method == base.name.method else { return false }
    return base.members.contains { $0.label == group.members[0].label }
  }

  private func comparison(of group: RowGroup, with base: RowGroup) -> PairedComparison {
    let shared = SharedEpisodes(of: group.members + base.members, tasks: tasks)
    let split = group.members.count
    let rates = (
      shared.rate(of: 0..<split), shared.rate(of: split..<split + base.members.count)
    )
    var generator = SeededGenerator(
      seed: SeededGenerator.derive(
        0, ["paired", group.name.text, base.name.text, group.name.wording.rawValue]))
    let interval = shared.interval(split: split, draws: draws, using: &generator)
    return PairedComparison(
      row: group.name, base: base.name, episodes: shared.count,
      seeds: [split, base.members.count], rate: rates.0, baseRate: rates.1,
      difference: rates.0.flatMap { rate in
        rates.1.map {
          Estimate(value: rate - $0, lower: interval?.lower, upper: interval?.upper)
        }
      },
      counts: shared.solved.count == 2 && shared.count > 0
        ? PairedCounts(shared.solved[0], shared.solved[1]) : nil)
  }
}

extension PairedCounts {
  /// - Parameters:
  ///   - row: For each episode 1 where it was solved, else 0.
  ///   - base: The same of the base.
  fileprivate init(_ row: [Double], _ base: [Double]) {
    func count(_ a: Double, _ b: Double) -> Int { zip(row, base).count { $0 == a && $1 == b } }
    let (onlyRow, onlyBase) = (count(1, 0), count(0, 1))
    self.init(
      both: count(1, 1), onlyRow: onlyRow, onlyBase: onlyBase, neither: count(0, 0),
      pValue: McNemarTest.exactP(onlyFirst: onlyRow, onlySecond: onlyBase))
  }
}
