/// What the episodes of a file say about whether 1 means an open gripper; single episodes say too
/// little.
struct GripperEvidence {
  private var agreements = 0
  private var disagreements = 0
  private var openWidths: [Double] = []
  private var closedWidths: [Double] = []
  private var actionsOutOfRange = 0
  private var openingsOutOfRange = 0

  mutating func add(_ record: EpisodeRecord, _ convention: ActionConvention?) {
    let openings = record.openings ?? []
    openingsOutOfRange += openings.count { $0 < -0.01 || $0 > 1.01 }
    if openings.count == record.frameCount, let fingers = record.fingers {
      for (opening, joints) in zip(openings, fingers) {
        let width = joints.reduce(0) { $0 + abs($1) }
        if opening > 0.5 { openWidths.append(width) } else { closedWidths.append(width) }
      }
    }
    guard let convention else { return }
    let successors = record.successors
    for (frame, action) in record.actions.enumerated() where action.count == 7 {
      guard action[6].isFinite else { continue }
      if action[6] < -0.01 || action[6] > 1.01 { actionsOutOfRange += 1 }
      guard openings.count == record.frameCount, let next = successors[frame] else {
        continue
      }
      let asksOpen = (convention.gripper == .open) == (action[6] > 0.5)
      if asksOpen == (openings[next] > 0.5) { agreements += 1 } else { disagreements += 1 }
    }
  }

  var findings: [Finding] {
    var findings: [Finding] = []
    if actionsOutOfRange > 0 {
      findings.append(
        Finding(
          .error, .gripperPolarity, dataset: Layout.Dataset.actions,
          "\(actionsOutOfRange) gripper actions lie outside 0...1, such as robosuite's -1 and 1; "
            + "map them to 1 = open, 0 = closed."))
    }
    if openingsOutOfRange > 0 {
      findings.append(
        Finding(
          .error, .gripperPolarity, dataset: Layout.Dataset.gripperOpen,
          "\(openingsOutOfRange) values lie outside 0...1; map them to 1 = open, 0 = closed."))
    }
    let compared = agreements + disagreements
    if compared >= 2, disagreements * 3 > compared * 2 {
      findings.append(
        Finding(
          .error, .gripperPolarity, dataset: Layout.Dataset.actions,
          "\(disagreements) of \(compared) gripper actions ask for the opposite of what "
            + "'\(Layout.Dataset.gripperOpen)' shows at the next key frame; one of them is "
            + "inverted, and 1 must mean open in it."))
    }
    return findings + widthFinding
  }

  private var widthFinding: [Finding] {
    guard !openWidths.isEmpty, !closedWidths.isEmpty else { return [] }
    let open = openWidths.reduce(0, +) / Double(openWidths.count)
    let closed = closedWidths.reduce(0, +) / Double(closedWidths.count)
    guard closed > open + 0.005 else { return [] }
    return [
      Finding(
        .error, .gripperPolarity, dataset: Layout.Dataset.gripperOpen,
        "The fingers are further apart where it says closed than where it says open; it is "
          + "inverted, and 1 must mean open.")
    ]
  }
}
