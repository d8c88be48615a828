/// What a run calls its policy: a name, and where it says so, a training seed of it.
///
/// `mole/seed-2` is the seed `2` of the policy `mole`; any other text is a name alone.
struct PolicyLabel: Hashable, Sendable {
  /// The whole label.
  let text: String
  /// The label without its seed.
  let policy: String
  let seed: String?

  /// What the label of a method without a network is.
  static let script = PolicyLabel("script")

  init(_ text: String) {
    self.text = text
    let mark = "/seed-"
    guard let range = text.ranges(of: mark).last, range.lowerBound > text.startIndex else {
      (policy, seed) = (text, nil)
      return
    }
    let number = text[range.upperBound...]
    let isNumber = !number.isEmpty && number.utf8.allSatisfy { (0x30...0x39).contains($0) }
    policy = isNumber ? String(text[..<range.lowerBound]) : text
    seed = isNumber ? String(number) : nil
  }
}

/// In which words the tasks of a run were put.
package enum RunWording: String, Sendable {
  case `default`
  case longest
  /// By the perturbation of the instruction.
  case perturbed
}
