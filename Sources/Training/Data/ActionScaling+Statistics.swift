internal import Demonstrations
internal import Foundation
package import Manipulation

extension DemonstrationSet {
  /// The statistics by which actions are normalised, and un-normalised at evaluation: with the
  /// standard options those of `mole demos statistics`.
  package func statistics(_ options: DataOptions = DataOptions()) throws -> DatasetStatistics {
    var recordings = episodes.map(\.recording)
    if options.angles == .unwrapped {
      let means = ActionScaling.angles.map(circularMean(ofDimension:))
      for episode in recordings.indices {
        for step in recordings[episode].keyframes.indices {
          recordings[episode].keyframes[step].action.turn(near: means)
        }
      }
    }
    guard var statistics = DatasetStatistics(of: recordings) else {
      throw TrainingDataError.noKeyframes(mask: mask.rawValue, files: files)
    }
    if options.bounds == .extremes {
      statistics.action.q01 = statistics.action.min
      statistics.action.q99 = statistics.action.max
    }
    statistics.action.widen(to: options.minimumRange)
    return statistics
  }

  /// The direction of the sum of all unit vectors at an angle.
  private func circularMean(ofDimension index: Int) -> Double {
    var (sine, cosine) = (0.0, 0.0)
    for episode in episodes {
      for keyframe in episode.recording.keyframes {
        let angle = Double(keyframe.action.vector[index])
        sine += sin(angle)
        cosine += cos(angle)
      }
    }
    return atan2(sine, cosine)
  }
}

extension Action {
  fileprivate mutating func turn(near means: [Double]) {
    for axis in 0..<3 { eulerAngles[axis] = eulerAngles[axis].turned(near: means[axis]) }
  }
}

extension DimensionStatistics {
  /// Moves bounds apart, about their middle, that are closer than `range`.
  fileprivate mutating func widen(to range: Double) {
    for index in q01.indices where mask?[index] ?? true {
      let missing = range - (q99[index] - q01[index])
      guard missing > 0 else { continue }
      q01[index] -= missing / 2
      q99[index] += missing / 2
    }
  }
}
