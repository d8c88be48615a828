import Foundation
package import Manipulation

/// The methods that need no checkpoint: how good can it get, and what is success by chance?
package enum ScriptedMethod: String, CaseIterable, Sendable {
  /// Does what the scripted expert, or the demonstrator, would do.
  case oracle
  /// Goes back to the home pose, again and again.
  case home

  package var policy: any Policy {
    switch self {
    case .oracle: OraclePolicy()
    case .home: HomePolicy()
    }
  }
}

/// Answers the advice that comes with the question; without any, nothing.
private struct OraclePolicy: Policy {
  let name = ScriptedMethod.oracle.rawValue
  let layerCount = 0
  let wantsAdvice = true

  func predict(_ query: PolicyQuery) -> Prediction {
    Prediction(free: query.advice.map { [$0] } ?? [])
  }
}

/// Answers the way from where the gripper is to RLBench's home pose, open.
private struct HomePolicy: Policy {
  let name = ScriptedMethod.home.rawValue
  let layerCount = 0

  func predict(_ query: PolicyQuery) throws -> Prediction {
    guard let pose = query.observation.gripperPose else {
      throw EvaluationError.noGripperPose(method: name)
    }
    let action = Action(
      translation: Pose.home.position - pose.position,
      eulerAngles: Pose.home.rotation.extrinsicXYZ, gripper: 1)
    return Prediction(free: [action])
  }
}

extension Pose {
  /// Where the tip of RLBench's Panda is at the start of every episode.
  package static let home = Pose(
    position: [0.27847, -0.00815, 1.47190],
    rotation: Rotation(angle: 2 * atan2(0.99267, 0.12087), aboutUnitAxis: [0, 1, 0]))
}

extension Prediction {
  /// An answer that cost nothing.
  fileprivate init(free actions: [Action]) {
    self.init(
      chunk: ActionChunk(actions: actions),
      compute: ComputeCount(nominal: MACCount(), executed: MACCount()),
      mask: LayerMask(shares: []), seconds: [:], totalSeconds: 0)
  }
}
