package import Manipulation

/// What an environment shows and how its worlds differ from the plain ones.
package struct EnvironmentOptions: Equatable, Sendable {
  /// The cameras whose pictures an observation holds; without any, nothing is rendered.
  package var cameras: [String]
  /// The side of the pictures in pixels.
  package var imageSize: Int
  package var perturbations: [Perturbation]
  package var wording: Wording

  /// Every camera of the room and the robot; the policies' comes first.
  package static let allCameras = ["front", "left_shoulder", "right_shoulder", "overhead", "wrist"]

  package init(
    cameras: [String] = ["front"], imageSize: Int = 224, perturbations: [Perturbation] = [],
    wording: Wording = .default
  ) {
    self.cameras = cameras
    self.imageSize = imageSize
    self.perturbations = perturbations
    self.wording = wording
  }
}
