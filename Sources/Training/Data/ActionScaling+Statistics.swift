internal import Demonstrations
package import Manipulation

extension DemonstrationSet {
  /// The statistics by which actions are normalised, and un-normalised at evaluation: with the
  /// standard options those of `mole demos statistics` over the same episodes.
  ///
  /// - Throws: `TrainingDataError.noKeyframes`.
  package func statistics(_ options: DataOptions = DataOptions()) throws -> DatasetStatistics {
    let recordings = options.angles == .recorded ? episodes.map(\.recording) : unwrappedRecordings
    guard var statistics = DatasetStatistics(of: recordings) else {
      throw TrainingDataError.noKeyframes(mask: mask.rawValue, files: files)
    }
    if options.bounds == .extremes {
      statistics.action.q01 = statistics.action.min
      statistics.action.q99 = statistics.action.max
    }
    for index in statistics.action.q01.indices where statistics.action.mask?[index] ?? true {
      statistics.action.widen(index, by: options.margin)
      if ActionScaling.angles.contains(index) {
        statistics.action.widen(index, to: options.minimumAngleRange)
      }
    }
    return statistics
  }

  /// The recordings with each Euler angle on the branch of its cut.
  private var unwrappedRecordings: [Episode] {
    let cuts = (0..<3).map { axis in
      AngleCut(
        through: episodes.lazy.flatMap {
          $0.recording.keyframes.lazy.map { $0.action.eulerAngles[axis] }
        })
    }
    return episodes.map { episode in
      var recording = episode.recording
      for step in recording.keyframes.indices {
        for axis in 0..<3 {
          let angle = recording.keyframes[step].action.eulerAngles[axis]
          recording.keyframes[step].action.eulerAngles[axis] = cuts[axis](angle)
        }
      }
      return recording
    }
  }
}

extension DimensionStatistics {
  /// Moves a dimension's bounds apart by a share of their distance on either side.
  fileprivate mutating func widen(_ index: Int, by share: Double) {
    let distance = share * (q99[index] - q01[index])
    q01[index] -= distance
    q99[index] += distance
  }

  /// Moves bounds apart, about their middle, that are closer than `range`.
  fileprivate mutating func widen(_ index: Int, to range: Double) {
    let missing = range - (q99[index] - q01[index])
    guard missing > 0 else { return }
    q01[index] -= missing / 2
    q99[index] += missing / 2
  }
}
