internal import Files
package import Foundation
package import Manipulation

extension DimensionStatistics {
  /// Describes columns of numbers as numpy does: population deviation, quantiles interpolated
  /// linearly between neighbours.
  ///
  /// - Parameters:
  ///   - rows: At least one row; all of the same width.
  ///   - mask: Which dimensions are normalised.
  /// - Precondition: There is a row, and all have one width.
  package init(of rows: [[Double]], mask: [Bool]? = nil) {
    precondition(
      rows.allSatisfy { $0.count == rows[0].count } && !rows.isEmpty, "rows of different widths")
    let columns = rows[0].indices.map { dimension in rows.map { $0[dimension] }.sorted() }
    let count = Double(rows.count)
    let means = columns.map { $0.reduce(0, +) / count }
    let deviations = zip(columns, means).map { column, mean in
      (column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    }
    self.init(
      mean: means, std: deviations, max: columns.map { $0[$0.count - 1] },
      min: columns.map { $0[0] }, q01: columns.map { quantile(0.01, ofSorted: $0) },
      q99: columns.map { quantile(0.99, ofSorted: $0) }, mask: mask)
  }
}

/// numpy's default quantile: linear between the two values around `share · (count - 1)`.
func quantile(_ share: Double, ofSorted values: [Double]) -> Double {
  let place = share * Double(values.count - 1)
  let lower = Int(place)
  let upper = min(lower + 1, values.count - 1)
  let weight = place - Double(lower)
  let step = values[upper] - values[lower]
  // From the nearer side, as numpy does, so that the ends are met exactly.
  return weight < 0.5
    ? values[lower] + step * weight : values[upper] - step * (1 - weight)
}

extension DatasetStatistics {
  /// The normalisation statistics over all key frames of some episodes.
  ///
  /// Actions are the seven numbers of our convention; proprioception is the gripper's position,
  /// its extrinsic x-y-z Euler angles and its opening, present when every key frame has them. The
  /// gripper is masked: it is not normalised.
  /// - Returns: `nil` when there is no key frame.
  package init?(of episodes: some Sequence<Episode>) {
    var actions: [[Double]] = []
    var proprioception: [[Double]] = []
    var episodeCount = 0
    for episode in episodes {
      episodeCount += 1
      for keyframe in episode.keyframes {
        actions.append(keyframe.action.vector.map(Double.init))
        if let row = keyframe.observation.proprioception { proprioception.append(row) }
      }
    }
    guard !actions.isEmpty else { return nil }
    let mask = [Bool](repeating: true, count: Action.width - 1) + [false]
    self.init(
      action: DimensionStatistics(of: actions, mask: mask),
      proprio: proprioception.count == actions.count
        ? DimensionStatistics(of: proprioception, mask: mask) : nil,
      transitionCount: actions.count, trajectoryCount: episodeCount)
  }

  /// Writes `{"<name>": statistics}`, as OpenVLA and CogACT keep it beside a checkpoint.
  ///
  /// - Throws: `DemonstrationError.cannotWrite`.
  package func write(to url: URL, name: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      let data = try encoder.encode([name: self]) + Data("\n".utf8)
      try PartialFile.write(data, to: url.path)
    } catch FileFault.cannotWrite(let reason) {
      throw DemonstrationError.cannotWrite(url.path, reason: reason)
    } catch {
      throw DemonstrationError.cannotWrite(url.path, reason: error.localizedDescription)
    }
  }
}

extension Observation {
  /// Position, Euler angles and gripper opening, where they are known.
  var proprioception: [Double]? {
    guard let gripperPose, let gripperOpen else { return nil }
    let (p, e) = (gripperPose.position, gripperPose.rotation.extrinsicXYZ)
    return [p.x, p.y, p.z, e.x, e.y, e.z, gripperOpen]
  }
}
