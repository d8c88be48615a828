internal import Foundation
package import Manipulation

/// What the seven numbers of an action mean in a file.
///
/// A convention has a name of three parts, `<position>+<rotation>+<gripper>`. Files declare it in
/// the attribute `action_convention`, as the name alone or as JSON with the key `name`. Actions
/// are converted to ours when they are read and nothing is guessed.
package struct ActionConvention: Equatable, Sendable {
  package enum PositionPart: String, CaseIterable, Sendable {
    /// Displacement in the world to the next key pose, m.
    case worldDelta = "world-delta-position"
    /// The same, as other projects name it.
    case delta = "delta-position"
    /// The next key position in the world, m.
    case absolute = "absolute-position"
  }

  package enum RotationPart: String, CaseIterable, Sendable {
    /// Extrinsic x-y-z Euler angles of the next key pose, rad.
    case absoluteEuler = "absolute-euler-xyz"
    /// The rotation in the world from the current to the next key pose, as such angles.
    case deltaEuler = "delta-euler-xyz"
  }

  package enum GripperPart: String, CaseIterable, Sendable {
    /// 1 = open, 0 = closed.
    case open = "gripper-open"
    /// 1 = closed, 0 = open.
    case closed = "gripper-closed"
  }

  package let position: PositionPart
  package let rotation: RotationPart
  package let gripper: GripperPart

  package init(position: PositionPart, rotation: RotationPart, gripper: GripperPart) {
    self.position = position
    self.rotation = rotation
    self.gripper = gripper
  }

  /// Ours: `world-delta-position+absolute-euler-xyz+gripper-open`.
  package static let native = ActionConvention(
    position: .worldDelta, rotation: .absoluteEuler, gripper: .open)

  /// World deltas of position and rotation, as in Bridge and many others.
  package static let deltas = ActionConvention(
    position: .delta, rotation: .deltaEuler, gripper: .open)

  /// Makes the convention of a name; `nil` when a part is unknown.
  package init?(name: String) {
    let parts = name.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, let position = PositionPart(rawValue: parts[0]),
      let rotation = RotationPart(rawValue: parts[1]),
      let gripper = GripperPart(rawValue: parts[2])
    else { return nil }
    self.init(position: position, rotation: rotation, gripper: gripper)
  }

  package var name: String {
    [position.rawValue, rotation.rawValue, gripper.rawValue].joined(separator: "+")
  }

  /// Whether conversion to ours needs the current pose.
  package var needsPose: Bool { position == .absolute || rotation == .deltaEuler }

  /// All parts, for messages.
  static var vocabulary: String {
    let positions = PositionPart.allCases.map(\.rawValue).joined(separator: "|")
    let rotations = RotationPart.allCases.map(\.rawValue).joined(separator: "|")
    let grippers = GripperPart.allCases.map(\.rawValue).joined(separator: "|")
    return "\(positions), \(rotations), \(grippers)"
  }

  /// Converts an action of this convention to ours.
  ///
  /// - Parameters:
  ///   - action: Seven numbers of this convention.
  ///   - pose: The pose at which it starts; needed where `needsPose` says so.
  /// - Returns: `nil` when the pose is needed and absent.
  package func convert(_ action: Action, at pose: Pose?) -> Action? {
    var result = action
    if position == .absolute {
      guard let pose else { return nil }
      result.translation = action.translation - pose.position
    }
    if rotation == .deltaEuler {
      guard let pose else { return nil }
      result.eulerAngles = (action.rotation * pose.rotation).extrinsicXYZ
    }
    if gripper == .closed { result.gripper = 1 - action.gripper }
    return result
  }
}

extension ActionConvention {
  private struct Declaration: Codable {
    var name: String
    var position: String?
    var rotation: String?
    var gripper: String?
  }

  /// Reads the attribute's text: a name, or JSON with the key `name`.
  ///
  /// - Returns: The name, which may be one we do not know; `nil` for JSON without a name.
  static func declaredName(in text: String) -> String? {
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard trimmed.hasPrefix("{") else { return trimmed }
    return (try? JSONDecoder().decode(Declaration.self, from: Data(trimmed.utf8)))?.name
  }

  /// The attribute's text: the name and what its parts mean, as JSON.
  package var declaration: String {
    let unit = "m, world frame"
    let fields = [
      ("gripper", gripper == .open ? "1 = open, 0 = closed" : "1 = closed, 0 = open"),
      ("name", name),
      ("position", position == .absolute ? "next key position, \(unit)" : "delta, \(unit)"),
      ("rotation", "extrinsic xyz Euler angles, rad, \(rotation.rawValue)"),
    ]
    let body = fields.map { "\"\($0.0)\": \"\($0.1)\"" }.joined(separator: ", ")
    return "{\(body)}"
  }
}
