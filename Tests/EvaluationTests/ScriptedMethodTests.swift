import Evaluation
import Manipulation
import Testing

@Suite("Scripted methods")
struct ScriptedMethodTests {
  private func query(at pose: Pose?, advice: Action? = nil) -> PolicyQuery {
    PolicyQuery(
      observation: Observation(gripperPose: pose), instruction: "", step: 0, seed: 0,
      advice: advice)
  }

  @Test("home leads to RLBench's home pose from anywhere")
  func home() throws {
    let rotation = Rotation(extrinsicXYZ: [0.3, -1, 2])
    let pose = Pose(position: [0.5, 0.2, 0.9], rotation: rotation)
    let action = try #require(
      try ScriptedMethod.home.policy.predict(query(at: pose)).chunk.actions.first)
    let reached = pose.position + action.translation
    let offset = reached - [0.27847, -0.00815, 1.47190]
    #expect((offset * offset).sum() < 1e-20)
    let home = try #require(Rotation(quaternionXYZW: [0, 0.99267, 0, 0.12087]))
    #expect(action.rotation.angle(to: home) < 1e-6)
    #expect(action.opensGripper)
  }

  @Test("the oracle repeats its advice, and without any it says nothing")
  func oracle() throws {
    let oracle = ScriptedMethod.oracle.policy
    #expect(oracle.wantsAdvice && !ScriptedMethod.home.policy.wantsAdvice)
    let advice = Action(translation: [1, 2, 3], eulerAngles: [4, 5, 6], gripper: 0)
    #expect(try oracle.predict(query(at: nil, advice: advice)).chunk.actions == [advice])
    let silent = try oracle.predict(query(at: nil))
    #expect(silent.chunk.actions.isEmpty)
    #expect(silent.mask.layerCount == 0 && silent.compute.executed.total == 0)
  }
}
