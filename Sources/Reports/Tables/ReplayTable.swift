/// Replay, method × task: how near to the demonstration, at what cost.
enum ReplayTable {
  static func table(_ summary: RunSummary, isBrief: Bool) -> Table {
    let rows = GroupRow.rows(of: summary, isBrief: isBrief)
    let groups = rows.map(\.group)
    let isJudged = groups.contains { $0.openLoop != nil }
    let columns =
      GroupRow.names + match + errors + (isJudged ? openLoop : [])
      + GroupRow.compute(groups) + GroupRow.latency(groups)
    return Table(
      name: "main", title: "Key-frame match and compute in '\(summary.suite)'",
      notes: notes(summary, isJudged: isJudged), columns: columns, of: rows)
  }

  private static var match: [ColumnSource<GroupRow>] {
    GroupRow.share("keyframe_match_rate", stem: "keyframe_match", heading: "match\n%") {
      $0.keyframeMatch
    } + [
      ColumnSource(
        .init(
          "episode_match_rate", "match\nper episode\n%", format: .percent(),
          audience: [.document, .data])
      ) { .init($0.group.episodeMatchRate) }
    ]
  }

  private static var errors: [ColumnSource<GroupRow>] {
    [
      ColumnSource(
        .init("position_error_median_m", "position\nm", format: NumberFormat(decimals: 4))
      ) { .init($0.group.positionError?.median) },
      ColumnSource(.init("position_error_mean_m", audience: .data)) {
        .init($0.group.positionError?.mean)
      },
      ColumnSource(
        .init("rotation_error_median_deg", "rotation\ndeg", format: NumberFormat(decimals: 2))
      ) { .init($0.group.rotationError?.median) },
      ColumnSource(.init("rotation_error_mean_deg", audience: .data)) {
        .init($0.group.rotationError?.mean)
      },
      ColumnSource(
        .init("gripper_agreement", "gripper\n%", format: .percent(), audience: .roomy)
      ) { .init($0.group.gripperAgreement) },
    ]
  }

  /// Only where answers were carried out.
  private static var openLoop: [ColumnSource<GroupRow>] {
    GroupRow.share(
      "open_loop_success_once", stem: "open_loop_success_once", heading: "open loop\nsuccess %",
      intervalAudience: .document
    ) { $0.openLoop?.successOnce }
      + GroupRow.share(
        "open_loop_success_at_end", stem: "open_loop_success_at_end",
        heading: "open loop\nat end %", audience: [.document, .data], intervalAudience: []
      ) { $0.openLoop?.successAtEnd } + [
        ColumnSource(.init("open_loop_episodes", audience: .data)) {
          .init($0.group.openLoop.map { Double($0.episodes) })
        },
        ColumnSource(.init("open_loop_actions_mean", audience: .data)) {
          .init($0.group.openLoop?.actions)
        },
      ]
  }

  private static func notes(_ summary: RunSummary, isJudged: Bool) -> [String] {
    let position = Table.plainText(summary.positionTolerance)
    let rotation = Table.plainText(summary.rotationTolerance)
    var notes = [
      "match: share of the queries whose answer lies within \(position) m and \(rotation) degrees"
        + " of the demonstrated key pose, with the same gripper; an offline number, not success."
        + " Interval: Wilson, over queries taken as independent.",
      "position, rotation: median errors. mean over tasks: the unweighted mean of the task rows.",
    ]
    if isJudged {
      notes.append(
        "open loop success: share of the episodes that were solved at some time when the answers to"
          + " the recorded observations were carried out in the simulator, in order, from the"
          + " recorded start; at end: that were solved after the last one.")
    }
    notes += GroupRow.costNotes
    if summary.methods.contains(where: { $0.pooled.invalidAnswers > 0 }) {
      notes.append("Some answers were no actions; they match nothing and have no errors.")
    }
    return notes + MainTable.batchNote(summary) + MainTable.partialNote(summary)
  }
}
