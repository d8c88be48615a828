/// Actions as recordings hold them.
extension Action {
  /// The same action in single precision, as files hold it: what is carried out so is carried out
  /// again alike from a file.
  package var asRecorded: Action { Action(vector: vector) }

  /// The action that leaves everything as it is seen.
  package init(staying observation: Observation) {
    self.init(
      translation: .zero, eulerAngles: observation.gripperPose?.rotation.extrinsicXYZ ?? .zero,
      gripper: observation.gripperOpen ?? 1)
  }
}
