import Collection
import Reports
import TaskSuite

/// What was measured of one task.
struct SimulationSpeed {
  var times: SimulationTimes
  /// Episodes without pictures, where they were run.
  var unseen: ClosedLoopSpeed?
  /// Episodes with the front camera's picture after each action.
  var seen: ClosedLoopSpeed?
}

extension Table {
  /// Times and rates by task; the last row holds the slowest times and all episodes together.
  static func simulation(_ speeds: [SimulationSpeed], imageSize: Int, workers: Int) -> Table {
    Table(
      name: "simulation", title: "Speed of the simulation",
      notes: notes(speeds, imageSize: imageSize, workers: workers),
      columns: [
        Column("task"),
        Column("step_us", "step\nµs", format: NumberFormat(decimals: 1)),
        Column("front_picture_ms", "front\nms", format: NumberFormat(decimals: 1)),
        Column("five_pictures_ms", "5 cameras\nms", format: NumberFormat(decimals: 1)),
        Column("episodes_per_hour", "episodes/h\nunseen"),
        Column("episodes_per_hour_seen", "episodes/h\nfront"),
        Column("seen_ratio", "front :\nunseen", format: NumberFormat(decimals: 2)),
      ],
      rows: speeds.map { row($0.times.task, [$0]) } + [row("all", speeds)])
  }

  private static func notes(
    _ speeds: [SimulationSpeed], imageSize: Int, workers: Int
  ) -> [String] {
    var notes = [
      "Steps of 2.5 ms; pictures of \(imageSize)x\(imageSize) pixels; medians of one thread.",
      "Row 'all': the slowest of the times, and all episodes together.",
    ]
    if let step = speeds.max(by: { $0.times.step < $1.times.step }),
      let picture = speeds.max(by: { $0.times.picture < $1.times.picture })
    {
      notes.append(
        "Slowest step: \(step.times.task). Slowest picture: \(picture.times.task).")
    }
    let share = speeds.map(\.times.processorShare).reduce(0, +) / Double(max(1, speeds.count))
    if share < 0.9 {
      notes.append(
        "The timed thread had a processor \(Int((share * 100).rounded())) % of the time: other work"
          + " was going on, without which all times are shorter.")
    }
    let seen = speeds.compactMap(\.seen)
    if !seen.isEmpty {
      let solved = seen.reduce(0) { $0 + $1.solved }
      let count = seen.reduce(0) { $0 + $1.episodes }
      notes.append(
        "Episodes of the scripted expert, \(workers) worlds at once; \(solved) of \(count) solved.")
    }
    return notes
  }

  private static func row(_ name: String, _ speeds: [SimulationSpeed]) -> [Cell] {
    let unseen = rate(speeds.compactMap(\.unseen))
    let seen = rate(speeds.compactMap(\.seen))
    return [
      .text(name),
      cell(speeds.map(\.times.step).max().map { $0 * 1e6 }),
      cell(speeds.map(\.times.picture).max().map { $0 * 1e3 }),
      cell(speeds.map(\.times.allPictures).max().map { $0 * 1e3 }),
      cell(unseen), cell(seen),
      cell(unseen.flatMap { unseen in seen.map { $0 / unseen } }),
    ]
  }

  /// Episodes an hour when every task takes its share of the episodes.
  private static func rate(_ speeds: [ClosedLoopSpeed]) -> Double? {
    let hours = speeds.reduce(0) { $0 + Double($1.episodes) / $1.episodesPerHour }
    return hours > 0 ? Double(speeds.reduce(0) { $0 + $1.episodes }) / hours : nil
  }

  /// A number, or nothing where there is none.
  static func cell(_ value: Double?) -> Cell {
    value.map { .number($0) } ?? .empty
  }
}
