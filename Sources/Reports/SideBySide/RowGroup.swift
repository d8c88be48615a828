internal import Manipulation
internal import Outcomes
internal import Statistics

/// A row to be shown: one policy, or the training seeds of one.
struct RowGroup {
  let name: RowName
  let members: [RowTally]
  /// Whether these are the seeds of a policy.
  let isPool: Bool
  /// Whether another row is the mean of this one and others.
  let isPartOfPool: Bool

  /// Policy by policy: the methods as means over its seeds, where it has several, then seed by seed.
  static func groups(of tallies: [RowTally], tasks: [String]) -> [RowGroup] {
    let byPolicy = Dictionary(grouping: tallies, by: \.label.policy)
    return tallies.map(\.label.policy).inOrder.flatMap { policy in
      let ofPolicy = byPolicy[policy, default: []]
      let pools = ofPolicy.map(PoolKey.init).inOrder.compactMap { key in
        pool(of: ofPolicy.filter { PoolKey($0) == key && $0.label.seed != nil }, tasks: tasks)
      }
      let pooled = Set(pools.flatMap(\.members).map(\.rowName))
      let singles = ofPolicy.map(\.label).inOrder.flatMap { label in
        ofPolicy.filter { $0.label == label }.map { tally in
          RowGroup(
            name: tally.rowName, members: [tally], isPool: false,
            isPartOfPool: pooled.contains(tally.rowName))
        }
      }
      return pools + singles
    }
  }

  /// Rows that differ in nothing but the seed of their training.
  private struct PoolKey: Hashable {
    let method: String
    let wording: RunWording
    /// Networks of another depth are another policy.
    let layerCount: Int

    init(_ tally: RowTally) {
      (method, wording) = (tally.method.name, tally.wording)
      layerCount = tally.method.layerCount
    }
  }

  /// `nil` unless there are several seeds that saw the same episodes.
  private static func pool(of seeds: [RowTally], tasks: [String]) -> RowGroup? {
    guard seeds.count > 1, SharedEpisodes(of: seeds, tasks: tasks).count > 0 else { return nil }
    var name = seeds[0].rowName
    name.policy = seeds[0].label.policy
    return RowGroup(name: name, members: seeds, isPool: true, isPartOfPool: false)
  }

  /// `nil` where nothing was judged.
  func row(tasks: [String], draws: Int) -> PolicyRow? {
    let shared = SharedEpisodes(of: members, tasks: tasks)
    guard let success = isPool ? pooledSuccess(shared, draws: draws) : singleSuccess else {
      return nil
    }
    let method = members[0].method
    let seeds = members.indices.compactMap { place in
      shared.rate(place).map { SeedRate(seed: members[place].label.seed ?? "", rate: $0) }
    }
    return PolicyRow(
      name: name, kind: method.kind, amount: method.amount, layerCount: method.layerCount,
      seeds: isPool ? seeds : [], family: family, isPartOfPool: isPartOfPool,
      episodes: shared.count, success: success, group: group, tasks: summaries(of: tasks),
      choosesLayers: members.contains(where: \.choosesLayers),
      health: isPool ? nil : members[0].health)
  }

  private var singleSuccess: Proportion? { group.closedLoop?.successOnce }

  private func pooledSuccess(_ shared: SharedEpisodes, draws: Int) -> Proportion? {
    guard let rate = shared.rate(of: members.indices) else { return nil }
    var generator = SeededGenerator(
      seed: SeededGenerator.derive(0, ["side_by_side", name.text, name.wording.rawValue]))
    let interval = shared.interval(split: members.count, draws: draws, using: &generator)
    return Proportion(rate: rate, lower: interval?.lower, upper: interval?.upper)
  }

  private var group: GroupSummary {
    isPool
      ? GroupSummary(meanOf: members.map(\.pooled), name: "mean over seeds") : members[0].pooled
  }

  private func summaries(of tasks: [String]) -> [GroupSummary] {
    guard isPool else { return members[0].summaries(of: tasks) }
    let bySeed = members.map { $0.summaries(of: tasks) }
    return tasks.compactMap { task in
      let groups = bySeed.compactMap { $0.first { $0.name == task } }
      return groups.isEmpty ? nil : GroupSummary(meanOf: groups, name: task)
    }
  }

  /// Without the seed only where the row is the seeds' mean or one of them.
  private var family: String {
    let policy = isPool ? name.policy : members[0].label.text
    let kind = members[0].method.kind
    let words = policy == kind || members[0].method.isScript ? kind : "\(policy) · \(kind)"
    return name.wording == .default ? words : "\(words) · \(name.wording.rawValue)"
  }
}

extension RowTally {
  fileprivate var rowName: RowName {
    RowName(policy: label.text, method: method.name, wording: wording)
  }
}

extension Sequence where Element: Hashable {
  /// Each element once, where it first appears.
  var inOrder: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
