/// One of the things that must hold for a task to be solved.
package struct SuccessCondition: Equatable, Sendable {
  /// What is asked.
  package enum Kind: Equatable, Sendable {
    /// A joint is at least so far (rad or m) from where it was at the start, either way.
    case jointMoved(joint: String, atLeast: Double)
    /// At least so many bodies have a geom that touches the volume.
    case detected(objects: [String], volume: String, atLeast: Int)
    /// No body has a geom that touches the volume.
    case notDetected(objects: [String], volume: String)
    /// The gripper holds no graspable body.
    case nothingGrasped
  }

  package var kind: Kind
  /// The line of the file, for complaints.
  package var line: Int
}

extension SuccessCondition: CustomStringConvertible {
  /// The condition in words, such as `lid_hinge moved >= 2.6`.
  package var description: String {
    switch kind {
    case .jointMoved(let joint, let atLeast):
      "\(joint) moved >= \(atLeast)"
    case .detected(let objects, let volume, let atLeast) where atLeast == objects.count:
      "\(objects.joined(separator: ", ")) in \(volume)"
    case .detected(let objects, let volume, let atLeast):
      "\(atLeast) of \(objects.joined(separator: ", ")) in \(volume)"
    case .notDetected(let objects, let volume):
      "\(objects.joined(separator: ", ")) not in \(volume)"
    case .nothingGrasped:
      "nothing grasped"
    }
  }
}
