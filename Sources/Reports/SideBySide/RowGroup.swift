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

  /// Policy by policy the methods, with the mean over seeds before them where there are several.
  static func groups(of tallies: [RowTally], tasks: [String]) -> [RowGroup] {
    let byPolicy = Dictionary(grouping: tallies, by: \.policy)
    var seen: Set<String> = []
    return tallies.map(\.policy).filter { seen.insert($0).inserted }.flatMap { policy in
      let ofPolicy = byPolicy[policy, default: []]
      var kinds: Set<PoolKey> = []
      let keys = ofPolicy.map(PoolKey.init).filter { kinds.insert($0).inserted }
      return keys.flatMap { key in
        groups(ofSeeds: ofPolicy.filter { PoolKey($0) == key }, tasks: tasks)
      }
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

  private static func groups(ofSeeds seeds: [RowTally], tasks: [String]) -> [RowGroup] {
    let named = seeds.filter { $0.label.seed != nil }
    let isPooled =
      named.count > 1 && SharedEpisodes(of: named, tasks: tasks).count > 0
    let pool =
      isPooled
      ? [
        RowGroup(
          name: named[0].name(policy: named[0].policy), members: named, isPool: true,
          isPartOfPool: false)
      ] : []
    return pool
      + seeds.map { tally in
        RowGroup(
          name: tally.name(policy: tally.label.text), members: [tally], isPool: false,
          isPartOfPool: isPooled && tally.label.seed != nil)
      }
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
  fileprivate var policy: String { label.policy }

  fileprivate func name(policy: String) -> RowName {
    RowName(policy: policy, method: method.name, wording: wording)
  }
}
