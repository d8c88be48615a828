import Foundation
import Manipulation
import Physics
import Testing

struct PandaTrajectoryTests {
  private func path(_ seed: UInt64) throws -> ArmPath {
    var generator = SeededGenerator(seed: seed)
    let target = Pose(
      position: [
        0.1 + 0.3 * generator.uniform(), -0.3 + 0.6 * generator.uniform(),
        0.8 + 0.3 * generator.uniform(),
      ], rotation: Rotation(extrinsicXYZ: [.pi, 0, generator.uniform()]))
    return try ArmPlanner().path(from: PandaKinematics.home, to: target)
  }

  @Test(
    "the arm starts and ends at rest on the path's ends", arguments: 1...5 as ClosedRange<UInt64>)
  func endsAtRest(seed: UInt64) throws {
    let path = try path(seed)
    let trajectory = ArmTrajectory(path)
    let (first, last) = (trajectory.at(0), trajectory.at(trajectory.duration))
    #expect((first.joints - path.points[0]).largest < 1e-12 && first.speeds == .zero)
    #expect((last.joints - path.end).largest < 1e-12 && last.speeds == .zero)
    #expect(trajectory.at(trajectory.duration + 1) == last)
    #expect(trajectory.duration > 0.3 && trajectory.duration < 6)
  }

  @Test(
    "speeds are within the limits and the derivative of the angles",
    arguments: 1...10 as ClosedRange<UInt64>)
  func obeysLimits(seed: UInt64) throws {
    let trajectory = ArmTrajectory(try path(seed))
    let limits = ArmTrajectory.Limits()
    let step = 0.0025
    for index in 1..<Int(trajectory.duration / step) {
      let time = Double(index) * step
      let now = trajectory.at(time)
      let (before, after) = (trajectory.at(time - 1e-5), trajectory.at(time + 1e-5))
      #expect(now.speeds.largest <= 1.02 * limits.jointSpeed)
      let slope = 5e4 * (after.joints - before.joints)
      #expect((slope - now.speeds).largest < 1e-3)
      let next = trajectory.at(time + step)
      #expect((next.speeds - now.speeds).largest <= 1.5 * limits.jointAcceleration * step)
      let way = PandaKinematics.tip(next.joints).position - PandaKinematics.tip(now.joints).position
      #expect((way * way).sum().squareRoot() <= 1.05 * limits.tipSpeed * step)
    }
  }

  @Test("a path that goes nowhere still takes a moment")
  func restsInPlace() {
    let trajectory = ArmTrajectory(ArmPath(kind: .line, points: [PandaKinematics.home]))
    #expect(trajectory.duration == ArmTrajectory.Limits().shortestDuration)
    #expect(trajectory.at(0.05).joints == PandaKinematics.home)
    #expect(trajectory.at(0.05).speeds.largest < 1e-9)
  }

  @Test("a single joint's motion is a trapezoid: full speed in the middle")
  func usesFullSpeed() {
    var end = PandaKinematics.home
    end[6] += 2
    let trajectory = ArmTrajectory(.throughCorners([PandaKinematics.home, end], kind: .joints))
    let limits = ArmTrajectory.Limits()
    #expect(abs(trajectory.at(trajectory.duration / 2).speeds[6] - limits.jointSpeed) < 1e-9)
    // speeding up at half the acceleration: 2 rad at 1.5 rad/s, and 1.5 / 4 s for the ramps
    #expect(abs(trajectory.duration - (2 / 1.5 + 1.5 / 4)) < 0.05)
  }
}
