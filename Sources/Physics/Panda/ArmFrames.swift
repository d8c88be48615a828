import Foundation
import Manipulation

/// Where joints and tip are in the world for given joint angles.
struct ArmFrames {
  /// A point on each joint's axis (m).
  private(set) var positions = InlineArray<7, SIMD3<Double>>(repeating: .zero)
  /// The unit vector about which each joint turns.
  private(set) var axes = InlineArray<7, SIMD3<Double>>(repeating: .zero)
  private(set) var tipPosition: SIMD3<Double>
  /// The columns of the tip's rotation matrix.
  private(set) var tipX, tipY, tipZ: SIMD3<Double>

  /// The published link parameters, modified Denavit-Hartenberg (Craig): the frame of a joint is
  /// that of the joint before, turned by `twist` quarter turns about x, moved by `offset` along x,
  /// turned by the joint's angle about z and moved by `height` along z.
  private static let links = InlineArray<7, (twist: Int, offset: Double, height: Double)> { joint in
    switch joint {
    case 0: (0, 0, 0.333)
    case 1: (-1, 0, 0)
    case 2: (1, 0, 0.316)
    case 3: (1, 0.0825, 0)
    case 4: (-1, -0.0825, 0.384)
    case 5: (1, 0, 0)
    default: (1, 0.088, 0)
    }
  }

  /// From the last joint to the tip: 0.107 m to the flange and 0.1034 m on to the finger tips.
  private static let reach = 0.107 + 0.1034
  /// The hand is mounted at -45 degrees and its frame named half a turn further, as in RLBench.
  private static let handTurn = 3 * Double.pi / 4

  private static let baseColumns = PandaKinematics.base.rotation.columns

  init(_ joints: JointVector) {
    var position = PandaKinematics.base.position
    var (x, y, z) = ArmFrames.baseColumns
    for joint in 0..<JointVector.count {
      let link = ArmFrames.links[joint]
      switch link.twist {
      case 1: (y, z) = (z, -y)
      case -1: (y, z) = (-z, y)
      default: break
      }
      position += link.offset * x + link.height * z
      ArmFrames.turn(&x, &y, by: joints[joint])
      positions[joint] = position
      axes[joint] = z
    }
    ArmFrames.turn(&x, &y, by: ArmFrames.handTurn)
    tipPosition = position + ArmFrames.reach * z
    (tipX, tipY, tipZ) = (x, y, z)
  }

  private static func turn(_ x: inout SIMD3<Double>, _ y: inout SIMD3<Double>, by angle: Double) {
    let (cosine, sine) = (cos(angle), sin(angle))
    (x, y) = (cosine * x + sine * y, cosine * y - sine * x)
  }

  var tip: Pose {
    let rows: [SIMD3<Double>] = [
      [tipX.x, tipY.x, tipZ.x], [tipX.y, tipY.y, tipZ.y], [tipX.z, tipY.z, tipZ.z],
    ]
    return Pose(position: tipPosition, rotation: Rotation(rows: rows))
  }

  /// How the tip moves with one joint: m/rad in the first three lanes, rad/rad in the next three.
  func motion(of joint: Int) -> SIMD8<Double> {
    let axis = axes[joint]
    let arm = tipPosition - positions[joint]
    return [
      axis.y * arm.z - axis.z * arm.y, axis.z * arm.x - axis.x * arm.z,
      axis.x * arm.y - axis.y * arm.x, axis.x, axis.y, axis.z, 0, 0,
    ]
  }

  /// The height of the lowest of elbow and wrist (m).
  var lowestJoint: Double { min(positions[3].z, positions[4].z, positions[6].z) }
}

extension Rotation {
  fileprivate var columns: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) {
    (apply(to: [1, 0, 0]), apply(to: [0, 1, 0]), apply(to: [0, 0, 1]))
  }
}
