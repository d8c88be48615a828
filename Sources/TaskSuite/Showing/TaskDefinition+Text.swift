internal import Foundation
internal import Manipulation

extension TaskDefinition {
  /// The task for a person, one fact a line.
  package var text: String {
    var lines = ["\(name), version \(version): \(summary)"]
    lines += ["  objects     \(objects.joined(separator: ", "))"]
    lines += ["  graspable   \(graspable.isEmpty ? "nothing" : graspable.joined(separator: ", "))"]
    lines += ["  budget      \(budget) actions"]
    for (index, variation) in variations.enumerated() {
      if variations.count > 1 { lines += ["", "variation \(index), \(variation.label)"] }
      lines += variation.lines
    }
    return lines.joined(separator: "\n")
  }

  /// The task as JSON, with angles in degrees.
  package func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(TaskReport(self)), as: UTF8.self)
  }

  /// What counts as success, in words.
  package var successText: String {
    variations[0].success.map(\.description).joined(separator: "; ")
  }
}

extension TaskVariation {
  fileprivate var lines: [String] {
    var lines = instructions.enumerated().map { index, words in
      "  \(index == 0 ? "instruction" : "           ") \(words)"
    }
    lines += paraphrases.enumerated().map { index, words in
      "  \(index == 0 ? "paraphrases" : "           ") \(words)"
    }
    lines += ["  placement   \(placement.text)"]
    lines += success.enumerated().map { index, condition in
      "  \(index == 0 ? "success    " : "           ") \(condition)"
    }
    lines += expert.enumerated().map { index, point in
      "  \(index == 0 ? "expert     " : "           ") \(index + 1). \(point.text)"
    }
    return lines
  }
}

extension PlacementRule {
  fileprivate var text: String {
    func span(_ range: ClosedRange<Double>, _ factor: Double = 1) -> String {
      "\((range.lowerBound * factor).brief) to \((range.upperBound * factor).brief)"
    }
    return "x \(span(x)) m, y \(span(y)) m, yaw \(span(yaw, 180 / .pi)) degrees"
  }
}

extension WayPoint {
  fileprivate var text: String {
    let place = "(\(position.text.split(separator: " ").joined(separator: ", ")))"
    let what = carriedBody.map { "\($0) to " } ?? ""
    return "\(name): \(what)\(place) m of \(frame), gripper \(opensGripper ? "open" : "closed")"
  }
}

/// A task as `mole tasks show --format json` prints it.
private struct TaskReport: Encodable {
  var name: String
  var version: Int
  var summary: String
  var objects: [String]
  var graspable: [String]
  var budget: Int
  var variations: [Variation]

  struct Variation: Encodable {
    var values: [String: String]
    var instructions: [String]
    var paraphrases: [String]
    var success: [String]
    var placement: Placement
    var expert: [Point]
  }

  struct Placement: Encodable {
    var x: [Double]
    var y: [Double]
    var yawDegrees: [Double]
    var attempts: Int
  }

  struct Point: Encodable {
    var name: String
    var frame: String
    var position: [Double]
    var quaternion: [Double]
    var gripperOpen: Bool
    var carry: String?
    var avoidCollisions: Bool
  }

  init(_ task: TaskDefinition) {
    (name, version, summary) = (task.name, task.version, task.summary)
    (objects, graspable, budget) = (task.objects, task.graspable, task.budget)
    variations = task.variations.map(Variation.init)
  }
}

extension TaskReport.Variation {
  fileprivate init(_ variation: TaskVariation) {
    let rule = variation.placement
    let degrees = [rule.yaw.lowerBound, rule.yaw.upperBound].map { ($0 * 180 / .pi).rounded() }
    self.init(
      values: variation.values, instructions: variation.instructions,
      paraphrases: variation.paraphrases, success: variation.success.map(\.description),
      placement: TaskReport.Placement(
        x: [rule.x.lowerBound, rule.x.upperBound], y: [rule.y.lowerBound, rule.y.upperBound],
        yawDegrees: degrees, attempts: rule.attempts),
      expert: variation.expert.map { point in
        let (p, q) = (point.position, point.rotation.quaternionXYZW)
        return TaskReport.Point(
          name: point.name, frame: point.frame, position: [p.x, p.y, p.z],
          quaternion: [q.x, q.y, q.z, q.w], gripperOpen: point.opensGripper,
          carry: point.carriedBody, avoidCollisions: point.avoidsCollisions)
      })
  }
}
