internal import HDF5Files

/// Looks for what is wrong in a demonstration file.
package struct FileDoctor: Sendable {
  let demonstrations: DemonstrationFile

  package init(_ demonstrations: DemonstrationFile) {
    self.demonstrations = demonstrations
  }

  /// Examines every episode, then what only shows over all of them.
  ///
  /// An episode that cannot be read is a finding; the others are still examined.
  /// - Parameter progress: Called with the number of episodes done.
  /// - Returns: The findings in the order of the episodes, those of the whole file last.
  /// - Throws: `HDF5Error` when the file as a whole cannot be read.
  package func examine(progress: (Int) -> Void = { _ in }) throws -> [Finding] {
    var findings: [Finding] = []
    var gripper = GripperEvidence()
    var fingerprints: [(name: String, hash: UInt64)] = []
    var sampleTotal = 0
    for index in 0..<demonstrations.episodeCount {
      let name = demonstrations.episodeNames[index]
      do {
        let record = try EpisodeRecord(of: index, in: demonstrations)
        sampleTotal += record.frameCount
        findings += try examine(record)
        let pictures = try examinePictures(of: record)
        findings += pictures.findings
        gripper.add(record, demonstrations.convention)
        fingerprints.append((name, fingerprint(of: record, pictures: pictures.hash)))
      } catch {
        findings.append(Finding(.error, .readability, episode: name, "\(error)"))
      }
      progress(index + 1)
    }
    findings += gripper.findings
    findings += try examineFile(sampleTotal: sampleTotal)
    return findings + (try findDuplicates(fingerprints))
  }

  private func examine(_ record: EpisodeRecord) throws -> [Finding] {
    var findings = try checkInstruction(record) + checkLengths(record) + checkShapes(record)
    findings += try checkFiniteness(record)
    findings += checkKeyframes(record)
    let order = checkQuaternions(record)
    findings += order
    let orderIsWrong = order.contains { $0.check == .quaternionOrder }
    return findings + checkActions(record, compareRotations: !orderIsWrong)
  }

  private func checkInstruction(_ record: EpisodeRecord) throws -> [Finding] {
    let text = try demonstrations.instruction(of: record.index)
    guard text?.contains(where: { !$0.isWhitespace }) != true else { return [] }
    return [
      Finding(
        .error, .instructions, episode: record.name,
        text == nil
          ? "There is no instruction; a policy needs one in 'language_instruction'."
          : "The instruction is empty; a policy needs one in 'language_instruction'.")
    ]
  }

  private func checkKeyframes(_ record: EpisodeRecord) -> [Finding] {
    guard let keyframes = record.keyframes else { return [] }
    let dataset = Layout.Dataset.keyframe
    guard let first = keyframes.first else {
      return [
        Finding(
          .error, .keyframes, episode: record.name, dataset: dataset,
          "No frame is a key frame, so a policy is never queried; flag the first frame and each "
            + "key frame that has a successor.")
      ]
    }
    guard first != 0 else { return [] }
    return [
      Finding(
        .warning, .keyframes, episode: record.name, dataset: dataset,
        "The first key frame is frame \(first), but a policy starts at frame 0; flag it.")
    ]
  }
}

extension FileDoctor {
  private func examineFile(sampleTotal: Int) throws -> [Finding] {
    var findings: [Finding] = []
    let root = demonstrations.schema.root
    if let total = try demonstrations.file.attribute(Layout.Attribute.total, of: root)?.integer,
      total != sampleTotal
    {
      findings.append(
        Finding(
          .warning, .lengths, dataset: "\(root)@\(Layout.Attribute.total)",
          "The attribute says \(total) samples, but the episodes hold \(sampleTotal); write the "
            + "sum."))
    }
    if demonstrations.convention == nil {
      findings.append(
        Finding(
          demonstrations.schema == .mole ? .error : .note, .convention,
          "The file does not say what its actions mean, so they were not compared with the "
            + "poses and cannot be replayed; set 'action_convention'."))
    }
    return findings + (try examineMasks())
  }

  private func examineMasks() throws -> [Finding] {
    let known = Set(demonstrations.episodeNames)
    var findings: [Finding] = []
    var masks: [String: [String]] = [:]
    for mask in try demonstrations.maskNames() {
      let names = try demonstrations.mask(mask) ?? []
      masks[mask] = names
      for name in names where !known.contains(name) {
        findings.append(
          Finding(
            .error, .masks, dataset: "\(Layout.mask)/\(mask)",
            "It names '\(name)', which is not in the file; remove the name."))
      }
    }
    for name in Set(masks["train"] ?? []).intersection(masks["valid"] ?? []).sorted() {
      findings.append(
        Finding(
          .error, .masks, dataset: Layout.mask,
          "'\(name)' is in both train and valid, so results on valid mean nothing; take it out "
            + "of one."))
    }
    return findings
  }

  /// Episodes with the same content: an error across train and valid, else a warning.
  private func findDuplicates(_ fingerprints: [(name: String, hash: UInt64)]) throws -> [Finding] {
    let train = Set(try demonstrations.mask("train") ?? [])
    let valid = Set(try demonstrations.mask("valid") ?? [])
    let groups = Dictionary(grouping: fingerprints, by: \.hash).values.filter { $0.count > 1 }
    return groups.map { $0.map(\.name) }.sorted { $0[0] < $1[0] }.map { names in
      let list = names.joined(separator: ", ")
      let leaks = !train.isDisjoint(with: names) && !valid.isDisjoint(with: names)
      return leaks
        ? Finding(
          .error, .duplicates, episode: names[0],
          "\(list) have the same actions and pictures but lie across train and valid, so results "
            + "on valid mean nothing; keep one.")
        : Finding(
          .warning, .duplicates, episode: names[0],
          "\(list) have the same actions and pictures; keep one.")
    }
  }

  private func fingerprint(of record: EpisodeRecord, pictures: UInt64) -> UInt64 {
    var hash = ContentHash()
    hash.add(pictures)
    for row in record.actions + (record.poses ?? []) {
      for value in row { hash.add(value.bitPattern) }
    }
    for value in record.openings ?? [] { hash.add(value.bitPattern) }
    return hash.value
  }
}

/// A 64-bit digest of content (FNV-1a over words, then mixed), to find equal things; it is no
/// defence against somebody who makes collisions.
struct ContentHash {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ word: UInt64) {
    value = (value ^ word) &* 0x0000_0100_0000_01B3
    value ^= value >> 29
  }

  mutating func add(_ bytes: ArraySlice<UInt8>) {
    var word: UInt64 = 0
    var filled = 0
    for byte in bytes {
      word = word << 8 | UInt64(byte)
      filled += 1
      if filled == 8 {
        add(word)
        (word, filled) = (0, 0)
      }
    }
    add(word)
    add(UInt64(bytes.count))
  }
}
