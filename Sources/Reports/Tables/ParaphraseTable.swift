/// How other words for the same instruction change which layers run, layer by layer.
package enum ParaphraseTable {
  private typealias Source = ColumnSource<ParaphraseAgreement>

  /// - Returns: `nil` when no policy was given two wordings.
  package static func table(_ sideBySide: SideBySide) -> Table? {
    let rows = sideBySide.paraphrases
    guard !rows.isEmpty else { return nil }
    let percent = NumberFormat.percent()
    let names = [
      Source(.init("policy", isGroup: true)) { .text($0.row.policy) },
      Source(.init("method")) { .text($0.row.method) },
      Source(.init("wording")) { .text($0.row.wording.rawValue) },
      Source(.init("reference_wording", "against")) { .text($0.reference.rawValue) },
      Source(.init("episodes", "epi-\nsodes")) { .init($0.episodes) },
      Source(.init("same_mask", "same\nlayers\n%", format: percent)) { .init($0.sameMask) },
      Source(.init("agreement", "alike\n%", format: percent)) { .init($0.meanAgreement) },
    ]
    let layers = (0..<(rows.map(\.layers.count).max() ?? 0)).map { layer in
      Source(.init("layer_\(layer)", "\(layer)", format: .percent(decimals: 0))) { row in
        .init(row.layers.indices.contains(layer) ? row.layers[layer] : nil)
      }
    }
    return Table(
      name: "paraphrases",
      title: "Choice of layers under other words in '\(sideBySide.suite)', by layer",
      notes: [
        "At the first query of the same episode, where the picture is the same, for episodes whose"
          + " words differ. same layers: the share of episodes in which exactly the same layers ran;"
          + " alike, and layer by layer: the share of decisions to run or skip that are the same."
      ] + SideBySideTable.partialNote(sideBySide), columns: names + layers, of: rows)
  }
}
