internal import HDF5Files
internal import Manipulation

extension FileDoctor {
  /// Compares `num_samples` and the rows of every dataset with those of `actions`.
  func checkLengths(_ record: EpisodeRecord) throws -> [Finding] {
    var findings: [Finding] = []
    let path = try demonstrations.path(of: record.index)
    let attribute = Layout.Attribute.sampleCount
    let declared = try demonstrations.file.attribute(attribute, of: path)?.integer
    let needsCount = [.mole, .robomimic, .libero].contains(demonstrations.schema)
    if let declared, declared != record.frameCount {
      findings.append(
        Finding(
          .error, .lengths, episode: record.name, dataset: "@\(attribute)",
          "It says \(declared), but 'actions' has \(record.frameCount) rows; one of them is "
            + "wrong."))
    } else if declared == nil, needsCount {
      findings.append(
        Finding(
          .error, .lengths, episode: record.name, dataset: "@\(attribute)",
          "It is missing, and robomimic's loader needs it; set it to \(record.frameCount)."))
    }
    for dataset in record.datasets where hasRowPerFrame(dataset.name) {
      guard let rowCount = dataset.shape.first else { continue }
      let expected = expectedRowCount(of: dataset.name, record)
      guard rowCount != expected else { continue }
      findings.append(
        Finding(
          .error, .lengths, episode: record.name, dataset: dataset.name,
          "It has \(rowCount) rows, but \(expected) were expected with \(record.frameCount) "
            + "actions; record the episode again."))
    }
    return findings
  }

  /// Whether a data set is one of the layout's, with a row a frame; recorders keep notes of their
  /// own in other groups, at their own rates.
  private func hasRowPerFrame(_ dataset: String) -> Bool {
    let groups = ["obs/", "next_obs/", "env_states/", "action_dict/"]
    return !dataset.contains("/") || groups.contains { dataset.hasPrefix($0) }
  }

  /// ManiSkill keeps the observation and state after the last action as well.
  private func expectedRowCount(of dataset: String, _ record: EpisodeRecord) -> Int {
    let hasFinalRow = dataset.hasPrefix("obs/") || dataset.hasPrefix("env_states/")
    return demonstrations.schema == .maniskill && hasFinalRow
      ? record.frameCount + 1 : record.frameCount
  }

  /// In our own layout: the types and widths that replay needs.
  func checkShapes(_ record: EpisodeRecord) -> [Finding] {
    guard demonstrations.schema == .mole else { return [] }
    let time = record.datasets.first { $0.name == Layout.Motion.time }
    return record.datasets.compactMap { dataset in
      guard let expected = expectedShape(of: dataset.name, sampleCount: time?.shape.first),
        !expected.fits(dataset)
      else { return nil }
      return Finding(
        .error, .shapes, episode: record.name, dataset: dataset.name,
        "It is \(dataset.type) \(dataset.shape), but \(expected.words) was expected.")
    }
  }

  /// - Parameter sampleCount: The rows of what happened between the frames.
  private func expectedShape(of dataset: String, sampleCount: Int?) -> ExpectedShape? {
    switch dataset {
    case Layout.Dataset.actions:
      ExpectedShape(words: "(T, \(Action.width))") { $0.shape.dropFirst() == [Action.width] }
    case Layout.Dataset.gripperPose:
      ExpectedShape(words: "(T, 7)") { $0.shape.dropFirst() == [7] }
    case Layout.Dataset.states:
      ExpectedShape(words: "reals (T, S)") {
        $0.shape.count == 2 && $0.shape[1] > 0 && $0.type.hasPrefix("float")
      }
    case let name where name.hasPrefix(Layout.Motion.prefix):
      ExpectedShape(words: "reals in \(sampleCount.map(String.init) ?? "equally many") rows") {
        $0.type.hasPrefix("float") && (1...2).contains($0.shape.count)
          && $0.shape.first == sampleCount
      }
    case let name where name.hasPrefix("obs/") && name.hasSuffix(Layout.imageSuffix):
      ExpectedShape(words: "uint8 (T, H, W, 3)") {
        $0.shape.count == 4 && $0.shape[3] == 3 && $0.type == "uint8"
      }
    default: nil
    }
  }

  /// What a data set must be, in words and as a test.
  private struct ExpectedShape {
    var words: String
    var fits: (DatasetSummary) -> Bool
  }

  /// Looks for NaN and infinity in every dataset of reals, block by block.
  func checkFiniteness(_ record: EpisodeRecord) throws -> [Finding] {
    let root = try demonstrations.path(of: record.index)
    return try record.datasets.compactMap { dataset in
      guard dataset.type.hasPrefix("float"), let rowCount = dataset.shape.first else {
        return nil
      }
      var badRows: [Int] = []
      try forEachBlock(of: dataset, in: record, elementSize: 8) { rows in
        let values = try demonstrations.file.read(
          "\(root)/\(dataset.name)", as: Double.self, rows: Array(rows))
        let width = max(1, values.count / max(1, rows.count))
        for (offset, row) in rows.enumerated() {
          let slice = values[offset * width..<min((offset + 1) * width, values.count)]
          if !slice.allSatisfy(\.isFinite) { badRows.append(row) }
        }
      }
      guard let first = badRows.first else { return nil }
      return Finding(
        .error, .finiteness, episode: record.name, dataset: dataset.name,
        "\(badRows.count) of \(rowCount) frames hold NaN or infinity, the first is frame "
          + "\(first); record the episode again or leave it out.")
    }
  }

  /// Calls `body` with runs of rows that together take at most a few megabytes, so that a long
  /// recording is examined in little memory. Rows beyond the episode's are left out, as a file
  /// may claim any number of them.
  func forEachBlock(
    of dataset: DatasetSummary, in record: EpisodeRecord, elementSize: Int,
    _ body: (Range<Int>) throws -> Void
  ) throws {
    guard let claimed = dataset.shape.first else { return }
    let rowCount = min(claimed, record.frameCount + 1)
    var rowBytes = elementSize
    for extent in dataset.shape.dropFirst() {
      let (product, overflow) = rowBytes.multipliedReportingOverflow(by: extent)
      rowBytes = overflow ? .max : product
    }
    guard rowBytes > 0 else { return }
    let rowsPerBlock = max(1, (8 << 20) / rowBytes)
    for start in stride(from: 0, to: rowCount, by: rowsPerBlock) {
      try body(start..<min(start + rowsPerBlock, rowCount))
    }
  }
}
