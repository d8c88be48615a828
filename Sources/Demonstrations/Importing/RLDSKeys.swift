/// Which features of a step are its picture, action, state and instruction.
struct RLDSKeys: Equatable {
  var image: String
  var action: String
  /// x, y, z (m), extrinsic x-y-z Euler angles (rad), gripper (1 = open).
  var state: String?
  var instruction: String

  static let imageNames = ["image", "image_0", "image_primary"]
  static let stateNames = ["proprio", "state"]
  static let instructionKeys = [
    "steps/language_instruction", "steps/observation/language_instruction",
    "steps/observation/natural_language_instruction", "steps/natural_language_instruction",
  ]

  /// Finds the keys; what is given is used as it is.
  ///
  /// - Parameters:
  ///   - image: The name of an observation; `nil` for the usual ones or the only picture.
  ///   - state: The name of an observation; `nil` for the usual ones.
  /// - Throws: `RecordFault.missingFeature`.
  init(in leaves: [String: RLDSDescription.Leaf], image: String?, state: String?)
    throws(RecordFault)
  {
    func find(_ candidates: [String], _ isRight: (RLDSDescription.Leaf) -> Bool) -> String? {
      candidates.first { leaves[$0].map(isRight) ?? false }
    }
    let images = leaves.filter { $0.value == .image && $0.key.hasPrefix("steps/") }.keys.sorted()
    let wanted = (image.map { [$0] } ?? RLDSKeys.imageNames).map { "steps/observation/\($0)" }
    let onlyImage = image == nil && images.count == 1 ? images.first : nil
    guard let image = find(wanted, { $0 == .image }) ?? onlyImage else {
      throw .missingFeature(wanted[0], present: images)
    }
    let texts = leaves.filter { $0.value == .text }.keys
    guard let instruction = find(RLDSKeys.instructionKeys, { $0 == .text }) else {
      throw .missingFeature(RLDSKeys.instructionKeys[0], present: Array(texts))
    }
    let stateKeys = (state.map { [$0] } ?? RLDSKeys.stateNames).map { "steps/observation/\($0)" }
    let found = find(stateKeys) { $0 == .tensor(width: 7) }
    guard found != nil || state == nil else {
      throw .missingFeature(stateKeys[0], present: Array(leaves.keys))
    }
    guard leaves["steps/action"] == .tensor(width: 7) else {
      throw .missingFeature("steps/action of 7 numbers", present: Array(leaves.keys))
    }
    (self.image, self.action, self.state) = (image, "steps/action", found)
    self.instruction = instruction
  }
}
