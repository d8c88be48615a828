internal import HDF5Files

extension FileDoctor {
  /// Looks for cameras that show one flat colour or never change, and digests all pictures.
  ///
  /// A still scene may give equal neighbours, so only a camera whose frames are all the same is
  /// called frozen.
  func examinePictures(
    of record: EpisodeRecord
  ) throws -> (findings: [Finding], hash: UInt64) {
    let root = try demonstrations.path(of: record.index)
    var findings: [Finding] = []
    var total = ContentHash()
    for dataset in record.datasets where isPicture(dataset) {
      var flat: [Int] = []
      var isBlack = true
      var hashes: Set<UInt64> = []
      try forEachBlock(of: dataset, in: record, elementSize: 1) { rows in
        let bytes = try demonstrations.file.read(
          "\(root)/\(dataset.name)", as: UInt8.self, rows: Array(rows))
        let size = bytes.count / max(1, rows.count)
        guard size > 0 else { return }
        for (offset, row) in rows.enumerated() {
          let frame = bytes[offset * size..<(offset + 1) * size]
          var hash = ContentHash()
          hash.add(frame)
          total.add(hash.value)
          hashes.insert(hash.value)
          if isFlat(frame) {
            flat.append(row)
            isBlack = isBlack && frame.first == 0
          }
        }
      }
      findings += verdict(
        dataset, record, flat: flat, isBlack: isBlack, isFrozen: hashes.count == 1)
    }
    return (findings, total.value)
  }

  private func isPicture(_ dataset: DatasetSummary) -> Bool {
    dataset.type == "uint8" && dataset.shape.count == 4 && dataset.shape[3] == 3
      && dataset.name.hasPrefix("obs/")
  }

  /// Whether every pixel has the first pixel's colour.
  private func isFlat(_ frame: ArraySlice<UInt8>) -> Bool {
    zip(frame, frame.dropFirst(3)).allSatisfy { $0 == $1 }
  }

  private func verdict(
    _ dataset: DatasetSummary, _ record: EpisodeRecord, flat: [Int], isBlack: Bool,
    isFrozen: Bool
  ) -> [Finding] {
    let count = dataset.shape[0]
    if let first = flat.first {
      let colour = isBlack ? "black" : "one flat colour"
      return [
        Finding(
          .error, .constantFrames, episode: record.name, dataset: dataset.name,
          "\(flat.count) of \(count) frames are \(colour), the first is frame \(first); the "
            + "camera did not render, so record the episode again.")
      ]
    }
    guard isFrozen, count > 1 else { return [] }
    return [
      Finding(
        .error, .constantFrames, episode: record.name, dataset: dataset.name,
        "All \(count) frames are the same picture; the camera was frozen, so record the episode "
          + "again.")
    ]
  }
}
