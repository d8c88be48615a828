internal import Foundation
package import Manipulation
internal import NeuralLayers
internal import TensorMath

/// What a policy is told of its own gripper, as numbers that a network takes: the position, less its
/// mean and by its deviation over the demonstrations, the first two rows of the rotation matrix, which
/// have no seam as angles do (Zhou et al., 2019), and 1 or -1 for open or closed.
package struct GripperState: Equatable, Sendable {
  /// The numbers of a state.
  package static let width = 10

  private let mean: SIMD3<Double>
  private let deviation: SIMD3<Double>
  /// Between which positions the gripper was in the demonstrations.
  private let low: SIMD3<Double>
  private let high: SIMD3<Double>

  /// - Parameter statistics: Of the data set whose actions the policy gives.
  /// - Throws: `PolicyError.badStatistics` where they tell nothing of the gripper's position.
  package init(_ statistics: DatasetStatistics, file: String = VLANetwork.statisticsName) throws {
    guard let known = statistics.proprio, let mean = known.mean.position,
      let spread = known.std.position, let low = known.min.position,
      let high = known.max.position, all(low .<= high)
    else {
      throw PolicyError.badStatistics(
        file: file,
        problem: "they do not say where the gripper was ('proprio'), by which this policy is told "
          + "where it is")
    }
    (self.mean, self.low, self.high) = (mean, low, high)
    // An axis along which nothing ever moves stays as it is.
    deviation = spread.replacing(with: 1, where: spread .< 1e-6)
  }

  /// - Throws: `PolicyError.missingGripper` for an observation without pose or opening.
  package func callAsFunction(_ observation: Observation) throws -> [Float] {
    guard let pose = observation.gripperPose, let isOpen = observation.showsOpenGripper else {
      throw PolicyError.missingGripper
    }
    let place = (pose.position - mean) / deviation
    let rows = pose.rotation.matrix.prefix(2)
    let turn = rows.flatMap { [Float($0.x), Float($0.y), Float($0.z)] }
    return [Float(place.x), Float(place.y), Float(place.z)] + turn + [isOpen ? 1 : -1]
  }

  /// The chunk with each target moved to the nearest place within the box in which grippers were in the
  /// demonstrations: what lies beyond, such as inside the table, is an error and no intention.
  ///
  /// - Parameter state: The gripper's, as the policy was told it.
  package func keepingInside(_ chunk: ActionChunk, from state: [Float]) -> ActionChunk {
    var place = SIMD3(Double(state[0]), Double(state[1]), Double(state[2])) * deviation + mean
    return ActionChunk(
      actions: chunk.actions.map { action in
        var action = action
        let wanted = place + action.translation
        let target = wanted.clamped(lowerBound: low, upperBound: high)
        if target != wanted { action.translation = target - place }
        place = target
        return action
      })
  }
}

extension [Double] {
  /// The first three, where they are there and finite.
  fileprivate var position: SIMD3<Double>? {
    guard count >= 3, prefix(3).allSatisfy({ Float($0).isFinite }) else { return nil }
    return [self[0], self[1], self[2]]
  }
}

/// A gripper's state → what is added to the prompt's last token, whose last state is the cognition
/// feature.
///
/// The map is OpenVLA-OFT's proprio projector; there its answer is a token of its own. Added, it costs
/// the language model nothing, and one that starts as zero leaves a trained policy as it was.
struct GripperProjector: Sendable {
  private let layers: FeedForward

  init(_ keys: GripperProjectorKeys, loader: ParameterLoader) throws {
    layers = FeedForward(
      try keys.layers.map { try loader.linear($0, quantizing: false) }, activation: .gelu)
  }

  /// - Returns: `[states.count, languageWidth]`.
  func callAsFunction(_ states: [[Float]], counting counter: inout MACCounter) -> Matrix {
    layers(Matrix(stacking: states.map { Matrix(row: $0) }), counting: &counter)
  }
}

/// The tensors of the gripper's projector, by OpenVLA-OFT's names.
struct GripperProjectorKeys: Sendable {
  static let prefix = "proprio_projector."

  let layers: [LinearKey]

  init(_ gripper: GripperConfiguration, languageWidth: Int) {
    layers = [
      LinearKey(
        name: Self.prefix + "fc1", outputWidth: gripper.hiddenWidth,
        inputWidth: GripperState.width),
      LinearKey(
        name: Self.prefix + "fc2", outputWidth: languageWidth, inputWidth: gripper.hiddenWidth),
    ]
  }

  var parameters: [Parameter] { layers.flatMap { $0.parameters(of: .projector) } }
  var multiplyAccumulates: Int { layers.reduce(0) { $0 + $1.inputWidth * $1.outputWidth } }
}

extension Configuration {
  var gripperProjector: GripperProjectorKeys? {
    gripper.map { GripperProjectorKeys($0, languageWidth: language.width) }
  }

  /// What telling the policy of its gripper costs.
  var gripperMACs: Int { gripperProjector?.multiplyAccumulates ?? 0 }
}

extension Parameter {
  /// Whether a training may start with a new one where the checkpoint has none.
  package var mayBeNew: Bool { part == .router || name.hasPrefix(GripperProjectorKeys.prefix) }
}
