internal import Foundation
internal import Manipulation

extension FileDoctor {
  /// Checks the length of quaternions and whether they may be stored as (w, x, y, z).
  func checkQuaternions(_ record: EpisodeRecord) -> [Finding] {
    guard let poses = record.poses else { return [] }
    var findings: [Finding] = []
    let norms = poses.map { row in row[3...].reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let bad = norms.indices.filter { norms[$0].isFinite && abs(norms[$0] - 1) > 1e-3 }
    if let worst = bad.max(by: { abs(norms[$0] - 1) < abs(norms[$1] - 1) }) {
      findings.append(
        Finding(
          .error, .quaternionNorm, episode: record.name, dataset: Layout.Dataset.gripperPose,
          "\(bad.count) of \(poses.count) quaternions do not have length 1, the worst is "
            + "\(format(norms[worst])) at frame \(worst); normalise them or record again."))
    }
    return findings + checkOrder(record, poses)
  }

  /// The order of a quaternion's numbers does not show in how smoothly they change, as swapping
  /// them keeps all distances. It shows where the actions say the next orientation, and, less
  /// surely, in a gripper that should point down and points up.
  private func checkOrder(_ record: EpisodeRecord, _ poses: [[Double]]) -> [Finding] {
    if let convention = demonstrations.convention, convention.rotation == .absoluteEuler {
      let transitions = record.transitions(convention)
      let stated = median(transitions.map(\.rotationError))
      let swapped = median(transitions.compactMap(\.rotationErrorAsWXYZ))
      if let stated, stated < radians(2) { return [] }
      if let stated, let swapped, swapped < radians(2), stated > radians(10) {
        return [
          wrongOrder(
            .error, record,
            "read as (w, x, y, z) they agree with the orientations that the actions ask for "
              + "(median \(degrees(swapped)) degrees), as (x, y, z, w) they are "
              + "\(degrees(stated)) degrees off")
        ]
      }
    }
    let quaternions = poses.map { Array($0[3...]) }.filter { $0.allSatisfy(\.isFinite) }
    guard !quaternions.isEmpty else { return [] }
    let share = { (holds: ([Double]) -> Bool) in
      Double(quaternions.count(where: holds)) / Double(quaternions.count)
    }
    // The z component of the approach direction is 1 - 2(x² + y²) of a unit quaternion.
    let pointsUp = share { 1 - 2 * ($0[0] * $0[0] + $0[1] * $0[1]) > 0.5 }
    let pointsDownSwapped = share { 1 - 2 * ($0[1] * $0[1] + $0[2] * $0[2]) < -0.5 }
    guard pointsUp > 0.9, pointsDownSwapped > 0.9 else { return [] }
    return [
      wrongOrder(
        .warning, record,
        "read as (x, y, z, w) the gripper points up in nearly every frame, read as (w, x, y, z) "
          + "it points down")
    ]
  }

  private func wrongOrder(
    _ severity: Finding.Severity, _ record: EpisodeRecord, _ reason: String
  ) -> Finding {
    Finding(
      severity, .quaternionOrder, episode: record.name, dataset: Layout.Dataset.gripperPose,
      "The quaternions look like (w, x, y, z), but (x, y, z, w) is expected: \(reason); reorder "
        + "them.")
  }

  /// Compares where each action leads with the pose of the next key frame.
  ///
  /// Simulated recordings agree to rounding. On a real robot the command is met to about a
  /// centimetre and a few degrees, as in the real Bridge recordings, so
  /// errors count only where they are large against the way itself, or stand out among others
  /// that are exact.
  func checkActions(_ record: EpisodeRecord, compareRotations: Bool) -> [Finding] {
    guard let convention = demonstrations.convention else { return [] }
    let transitions = record.transitions(convention)
    guard !transitions.isEmpty else { return [] }
    var findings: [Finding] = []
    let way = median(transitions.map(\.distance)) ?? 0
    if let fault = fault(
      transitions.map(\.positionError), allowance: 0.01 + way / 2, outlier: 0.02)
    {
      let worst = transitions[fault.worst]
      findings.append(
        misled(
          record, fault, of: transitions, "position",
          "\(format(worst.positionError)) m at frame \(worst.frame)"))
    }
    let turn = median(transitions.map { $0.from.rotation.angle(to: $0.to.rotation) }) ?? 0
    if compareRotations,
      let fault = fault(
        transitions.map(\.rotationError), allowance: radians(5) + turn / 2, outlier: radians(15))
    {
      let worst = transitions[fault.worst]
      findings.append(
        misled(
          record, fault, of: transitions, "orientation",
          "\(degrees(worst.rotationError)) degrees at frame \(worst.frame)"))
    }
    return findings
  }

  private struct Fault {
    let count: Int
    let worst: Int
  }

  /// Errors whose median passes the allowance, or single ones that stand out.
  private func fault(_ errors: [Double], allowance: Double, outlier: Double) -> Fault? {
    guard let middle = median(errors),
      let worst = errors.indices.max(by: { errors[$0] < errors[$1] })
    else { return nil }
    if middle > allowance {
      return Fault(count: errors.count { $0 > allowance }, worst: worst)
    }
    guard middle < outlier / 10, errors[worst] > outlier else { return nil }
    return Fault(count: errors.count { $0 > outlier }, worst: worst)
  }

  private func misled(
    _ record: EpisodeRecord, _ fault: Fault, of transitions: [Transition], _ what: String,
    _ worst: String
  ) -> Finding {
    Finding(
      .error, .actions, episode: record.name, dataset: Layout.Dataset.actions,
      "\(fault.count) of \(transitions.count) actions do not lead to the \(what) of the next key "
        + "frame, the worst misses it by \(worst); check the action convention and the key frames.")
  }

  private func median(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : quantile(0.5, ofSorted: values.sorted())
  }

  private func radians(_ degrees: Double) -> Double { degrees * .pi / 180 }
  private func degrees(_ radians: Double) -> String { format(radians * 180 / .pi) }
  private func format(_ value: Double) -> String { String(format: "%.3g", value) }
}
