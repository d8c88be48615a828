import Files
import Manipulation
import Outcomes

extension QueryDigests {
  /// Sums up a question and its answer; `nil` only where OpenSSL refuses to.
  ///
  /// Numbers count by their bits, eight bytes each with the lowest first; what is absent counts as
  /// a byte 0, what is there follows a byte 1.
  init?(of observation: Observation, answer: ActionChunk) {
    do {
      let pictures = observation.images.isEmpty ? nil : try digest(ofPictures: observation.images)
      self.init(
        pictures: pictures, state: try digest(ofState: observation),
        answer: try digest(of: answer.actions.flatMap(\.numbers)))
    } catch {
      return nil
    }
  }
}

/// Hexadecimal digits that are kept: 64 bits, enough for what nobody forges.
private let digitCount = 16

private func digest(ofPictures pictures: [String: RGBImage]) throws(FileFault) -> String {
  let hash = try SHA256Stream()
  for (camera, picture) in pictures.sorted(by: { $0.key < $1.key }) {
    try hash.update(Array(camera.utf8) + [0])
    try hash.update(littleEndian([UInt64(picture.width), UInt64(picture.height)]))
    try hash.update(picture.pixels)
  }
  return String(try hash.finish().prefix(digitCount))
}

private func digest(ofState observation: Observation) throws(FileFault) -> String {
  let hash = try SHA256Stream()
  let pose = observation.gripperPose.map { pose in
    let (p, q) = (pose.position, pose.rotation.quaternionXYZW)
    return [p.x, p.y, p.z, q.x, q.y, q.z, q.w]
  }
  for numbers in [pose, observation.gripperOpen.map { [$0] }, observation.jointPositions] {
    try hash.update(numbers.map { [1] + littleEndian($0.map(\.bitPattern)) } ?? [0])
  }
  return String(try hash.finish().prefix(digitCount))
}

private func digest(of numbers: [Double]) throws(FileFault) -> String {
  let hash = try SHA256Stream()
  try hash.update(littleEndian(numbers.map(\.bitPattern)))
  return String(try hash.finish().prefix(digitCount))
}

private func littleEndian(_ words: [UInt64]) -> [UInt8] {
  words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
}

extension Action {
  /// All of it, in the order of its vector.
  fileprivate var numbers: [Double] {
    let (t, e) = (translation, eulerAngles)
    return [t.x, t.y, t.z, e.x, e.y, e.z, gripper]
  }
}
