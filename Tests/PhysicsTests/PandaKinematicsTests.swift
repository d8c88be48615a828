import Foundation
import Manipulation
import Physics
import Testing

struct PandaKinematicsTests {
  /// What `Scripts/fixtures/panda.py` recorded from MuJoCo.
  struct Record: Decodable {
    struct TipPose: Decodable {
      var joints, position, quaternion: [Double]
    }
    var lowerLimits, upperLimits: [Double]
    var poses: [TipPose]

    init() throws {
      let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
      let file = folder.appendingPathComponent("panda_tip_poses.json")
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      self = try decoder.decode(Record.self, from: Data(contentsOf: file))
    }
  }

  @Test("the tip is where MuJoCo puts it")
  func tipAgreesWithMuJoCo() throws {
    for recorded in try Record().poses {
      let tip = PandaKinematics.tip(JointVector(recorded.joints))
      let q = recorded.quaternion
      let rotation = try #require(Rotation(quaternionXYZW: [q[0], q[1], q[2], q[3]]))
      for axis in 0..<3 {
        #expect(abs(tip.position[axis] - recorded.position[axis]) < 1e-7)
      }
      #expect(tip.rotation.angle(to: rotation) < 1e-6)
    }
  }

  @Test("the joint limits are the model's")
  func limitsAgreeWithTheModel() throws {
    let record = try Record()
    #expect(record.lowerLimits == PandaKinematics.lowerLimits.values)
    #expect(record.upperLimits == PandaKinematics.upperLimits.values)
    #expect(PandaKinematics.isWithinLimits(PandaKinematics.home))
    #expect(!PandaKinematics.isWithinLimits(JointVector([0, 0, 0, 0, 0, 1, 0])))
  }

  @Test("the home joints give RLBench's home pose")
  func homeIsRLBenchs() throws {
    let tip = PandaKinematics.tip(PandaKinematics.home)
    let expected = try #require(Rotation(quaternionXYZW: [0, 0.99267, 0, 0.12087]))
    let offset = tip.position - [0.27847, -0.00815, 1.47190]
    #expect((offset * offset).sum().squareRoot() < 1e-4)
    #expect(tip.rotation.angle(to: expected) < 1e-4)
  }

  @Test("the Jacobian is the derivative of the tip's pose", arguments: [1, 2, 3, 4, 5] as [UInt64])
  func jacobianAgreesWithDifferences(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let joints = InverseKinematics.randomJoints(using: &generator)
    let jacobian = PandaKinematics.jacobian(joints)
    let step = 1e-6
    for joint in 0..<JointVector.count {
      var (low, high) = (joints, joints)
      low[joint] -= step
      high[joint] += step
      let (before, after) = (PandaKinematics.tip(low), PandaKinematics.tip(high))
      let slope = (after.position - before.position) / (2 * step)
      let turn = (after.rotation * before.rotation.inverse).quaternionXYZW
      let sign: Double = turn.w < 0 ? -1 : 1
      for axis in 0..<3 {
        #expect(abs(jacobian[axis][joint] - slope[axis]) < 1e-7)
        // a small rotation's quaternion holds half its turn
        #expect(abs(jacobian[axis + 3][joint] - sign * turn[axis] / step) < 1e-7)
      }
    }
  }
}
