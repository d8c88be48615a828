/// Task × method: what replay said, beside what the closed loop said.
package enum OfflineClosedLoopTable {
  private typealias Source = ColumnSource<OfflineClosedLoopCell>

  package static func table(_ comparison: OfflineClosedLoop) -> Table {
    Table(
      name: "offline_vs_closed_loop",
      title: "Offline against closed loop in '\(comparison.suite)'", notes: notes,
      columns: names + offline + openLoop + closedLoop, of: comparison.cells)
  }

  private static var names: [Source] {
    [
      Source(.init("task", isGroup: true)) { .text($0.task) },
      Source(.init("method")) { .text($0.method) },
      Source(.init("replayed_episodes", "epi-\nsodes\nreplayed", audience: .roomy)) {
        .init($0.replayedEpisodes)
      },
    ]
  }

  private static var offline: [Source] {
    [
      Source(.init("position_error_mean_m", "position\nm", format: NumberFormat(decimals: 4))) {
        .init($0.positionError)
      },
      Source(.init("rotation_error_mean_deg", "rotation\ndeg", format: NumberFormat(decimals: 2))) {
        .init($0.rotationError)
      },
      Source(.init("keyframe_match_rate", "match\n%", format: .percent())) {
        .init($0.keyframeMatch?.rate)
      },
      Source(.init("keyframe_match_lower_95", audience: .data)) { .init($0.keyframeMatch?.lower) },
      Source(.init("keyframe_match_upper_95", audience: .data)) { .init($0.keyframeMatch?.upper) },
    ]
  }

  private static var openLoop: [Source] {
    [
      Source(
        .init("open_loop_success_once", "open loop\nsuccess\n%", format: .percent())
      ) { .init($0.openLoopSuccess?.rate) },
      Source(.init("open_loop_success_once_lower_95", audience: .data)) {
        .init($0.openLoopSuccess?.lower)
      },
      Source(.init("open_loop_success_once_upper_95", audience: .data)) {
        .init($0.openLoopSuccess?.upper)
      },
    ]
  }

  private static var closedLoop: [Source] {
    [
      Source(.init("closed_loop_episodes", "epi-\nsodes\nrolled out", audience: .roomy)) {
        .init(($0.closedLoop?.episodes).map(Double.init))
      },
      Source(.init("closed_loop_success_once", "closed loop\nsuccess\n%", format: .percent())) {
        .init($0.closedLoop?.successOnce.rate)
      },
      Source(.init("interval", "95 %\ninterval", format: .percent(), audience: .people)) {
        .init(interval: $0.closedLoop?.successOnce)
      },
      Source(.init("closed_loop_success_once_lower_95", audience: .data)) {
        .init($0.closedLoop?.successOnce.lower)
      },
      Source(.init("closed_loop_success_once_upper_95", audience: .data)) {
        .init($0.closedLoop?.successOnce.upper)
      },
      Source(.init("closed_loop_success_at_end", audience: .data)) {
        .init($0.closedLoop?.successAtEnd.rate)
      },
    ]
  }

  private static let notes = [
    "position, rotation: mean errors of the replay. match: share of its queries that match the"
      + " demonstrated key frame. Both are offline numbers and no success.",
    "open loop: the answers to the recorded observations, carried out from the recorded start."
      + " closed loop: the policy acts and sees what comes of it. success: solved at some time."
      + " Interval: Wilson, over episodes.",
    "The replayed and the rolled-out episodes are different ones.",
  ]
}
