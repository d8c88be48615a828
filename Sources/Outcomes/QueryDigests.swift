/// The first hexadecimal digits of SHA-256 sums by which a repeated query is told from the recorded
/// one, without the pictures themselves.
package struct QueryDigests: Codable, Equatable, Sendable {
  /// Of the pictures of all cameras; absent where the policy was shown none.
  package var pictures: String?
  /// Of the gripper's pose and opening and the joints' angles, bit by bit.
  package var state: String
  /// Of all actions of the answer, bit by bit.
  package var answer: String

  package enum CodingKeys: String, CodingKey, CaseIterable {
    case pictures
    case state
    case answer
  }

  package init(pictures: String?, state: String, answer: String) {
    (self.pictures, self.state, self.answer) = (pictures, state, answer)
  }
}
