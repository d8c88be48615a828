internal import Manipulation
internal import Outcomes

/// Holds the choices of layers under one wording of the instructions against those under another.
enum RowParaphrases {
  /// Each row against the first one of the same policy and method in other words.
  static func agreements(among groups: [RowGroup]) -> [ParaphraseAgreement] {
    groups.compactMap { group in
      let first = groups.first {
        $0.name.policy == group.name.policy && $0.name.method == group.name.method
      }
      guard let first, first.name != group.name else { return nil }
      return agreement(of: group, with: first)
    }
  }

  /// `nil` for a script, which has no layers, and for another policy of the same name.
  private static func agreement(
    of group: RowGroup, with reference: RowGroup
  ) -> ParaphraseAgreement? {
    let (row, other) = (group.members[0], reference.members[0])
    guard !row.method.isScript, row.settings == other.settings,
      row.method.layerCount == other.method.layerCount,
      row.method.parameters == other.method.parameters
    else { return nil }
    var (episodes, same) = (0, 0)
    var equal = [Int](repeating: 0, count: row.method.layerCount)
    for (key, record) in row.episodes {
      guard let before = other.episodes[key], before.instruction != record.instruction,
        let old = before.firstMask, let new = record.firstMask
      else { continue }
      let decisions = equal.indices.map { old.runs($0) == new.runs($0) }
      episodes += 1
      same += decisions.contains(false) ? 0 : 1
      for layer in equal.indices where decisions[layer] { equal[layer] += 1 }
    }
    return ParaphraseAgreement(
      row: group.name, reference: reference.name.wording, episodes: episodes,
      sameMask: episodes == 0 ? nil : Double(same) / Double(episodes),
      layers: episodes == 0 ? [] : equal.map { Double($0) / Double(episodes) })
  }
}
