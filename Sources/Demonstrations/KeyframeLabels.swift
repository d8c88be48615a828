package import Manipulation

/// Where the gripper is at one frame.
package struct GripperState: Equatable, Sendable {
  package var pose: Pose
  /// 1 = open, 0 = closed.
  package var open: Double

  package init(pose: Pose, open: Double) {
    self.pose = pose
    self.open = open
  }

  /// The action that leads from here to `next`, in our convention.
  package func action(to next: GripperState) -> Action {
    Action(
      translation: next.pose.position - pose.position,
      eulerAngles: next.pose.rotation.extrinsicXYZ, gripper: next.open)
  }
}

/// What key frames make of a recording at full rate: for each frame, the action towards the next
/// key frame and whether a policy is queried there.
package struct KeyframeLabels: Equatable, Sendable {
  package let actions: [Action]
  package let isKeyframe: [Bool]

  /// Labels every frame.
  ///
  /// The first frame and every key frame with a successor is one at which a policy is queried.
  /// After the last key frame the action stays where it is.
  /// - Parameters:
  ///   - states: For each frame, where the gripper is.
  ///   - keyframes: Increasing indices, as `KeyframeRule` finds them; 0 may be left out.
  /// - Precondition: The indices lie within the recording and increase.
  package init(states: [GripperState], keyframes: [Int]) {
    precondition(
      zip(keyframes, keyframes.dropFirst()).allSatisfy(<)
        && keyframes.allSatisfy(states.indices.contains), "key frames outside the recording")
    let targets = keyframes.filter { $0 > 0 }
    var next = targets.startIndex
    var actions: [Action] = []
    for (index, state) in states.enumerated() {
      while next < targets.endIndex, targets[next] <= index { next += 1 }
      let goal = next < targets.endIndex ? states[targets[next]] : state
      actions.append(state.action(to: goal))
    }
    let queried = Set(targets.isEmpty ? [] : [0] + targets.dropLast())
    self.actions = actions
    isKeyframe = states.indices.map(queried.contains)
  }
}
