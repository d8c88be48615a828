import Evaluation
import Manipulation
import Outcomes
import Testing

@Suite("Comparing a predicted with the demonstrated action")
struct ActionComparisonTests {
  private static func action(
    _ translation: SIMD3<Double> = .zero, _ angles: SIMD3<Double> = .zero, gripper: Double = 1
  ) -> Action {
    Action(translation: translation, eulerAngles: angles, gripper: gripper)
  }

  @Test("an action is no distance from itself, to the last bit")
  func same() throws {
    let action = Self.action([0.1, -0.2, 0.3], [1, -0.7, 3], gripper: 0)
    let comparison = try #require(ActionComparison(predicted: action, demonstrated: action))
    #expect(comparison.positionError == 0)
    #expect(comparison.rotationError == 0)
    #expect(comparison.gripperAgreement)
  }

  @Test("the position error is the straight distance in metres")
  func position() throws {
    let comparison = try #require(
      ActionComparison(
        predicted: Self.action([0.03, 0, 0.04]), demonstrated: Self.action()))
    #expect(abs(comparison.positionError - 0.05) < 1e-12)
  }

  // Independent: scipy.spatial.transform.Rotation.from_euler("xyz", …), magnitude of a.inv() * b.
  @Test(
    "the rotation error is the geodesic angle in degrees, whatever the Euler angles look like",
    arguments: [
      (SIMD3(0.0, 0, 0), SIMD3(0.0, 0, Double.pi / 2), 90.0),
      (SIMD3(0.0, 0, Double.pi - 0.01), SIMD3(0.0, 0, -Double.pi + 0.01), 1.1459155902616465),
      (SIMD3(2 * Double.pi, -2 * Double.pi, 2 * Double.pi), SIMD3(0.0, 0, 0), 0.0),
      (SIMD3(Double.pi, 0, 0), SIMD3(0.0, 0, 0), 180.0),
      (SIMD3(Double.pi, Double.pi, 0), SIMD3(0, 0, Double.pi), 0.0),
      (SIMD3(0.3, -0.4, 0.5), SIMD3(-1.0, 0.2, 2.0), 106.59602883038056),
      (SIMD3(0.3, Double.pi / 2, 0.5), SIMD3(-0.2, Double.pi / 2, 0), 0.0),
    ])
  func rotation(predicted: SIMD3<Double>, demonstrated: SIMD3<Double>, degrees: Double) throws {
    let comparison = try #require(
      ActionComparison(
        predicted: Self.action(.zero, predicted), demonstrated: Self.action(.zero, demonstrated)))
    #expect(abs(comparison.rotationError - degrees) < 1e-6)
  }

  @Test(
    "grippers agree when both open or both close",
    arguments: [(1.0, 0.6, true), (0.0, 0.4, true), (0.5, 0.0, true), (0.6, 0.4, false)])
  func gripper(predicted: Double, demonstrated: Double, agrees: Bool) throws {
    let comparison = try #require(
      ActionComparison(
        predicted: Self.action(gripper: predicted), demonstrated: Self.action(gripper: demonstrated)
      ))
    #expect(comparison.gripperAgreement == agrees)
  }

  @Test("a match needs all three: place, orientation and gripper")
  func matching() throws {
    let plan = EvaluationPlan()
    func matches(_ predicted: Action) throws -> Bool {
      try #require(ActionComparison(predicted: predicted, demonstrated: Self.action()))
        .matches(within: plan)
    }
    let degree = Double.pi / 180
    #expect(try matches(Self.action([0.0199, 0, 0], [0, 0, 14.9 * degree])))
    #expect(try !matches(Self.action([0.0201, 0, 0])))
    #expect(try !matches(Self.action(.zero, [15.1 * degree, 0, 0])))
    #expect(try !matches(Self.action(gripper: 0)))
  }

  @Test("what is not finite compares with nothing", arguments: 0..<Action.width)
  func notFinite(dimension: Int) {
    for bad in [Float.nan, .infinity, -.infinity] {
      var vector = [Float](repeating: 0, count: Action.width)
      vector[dimension] = bad
      let action = Action(vector: vector)
      #expect(ActionComparison(predicted: action, demonstrated: Self.action()) == nil)
      #expect(ActionComparison(predicted: Self.action(), demonstrated: action) == nil)
    }
  }
}
