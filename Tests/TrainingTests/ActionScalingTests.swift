import Foundation
import Manipulation
import TensorMath
import Testing
import Training
import VLAPolicy

@Suite("Normalising demonstrated actions")
struct ActionScalingTests {
  private let demonstrations: DemonstrationSet
  private let network: VLANetwork

  init() throws {
    demonstrations = try SmallDemonstrations.set(steps: [4, 5, 6, 7, 1])
    network = try VLANetwork(random: TinyPolicy.configuration, precision: .float32)
  }

  private var actions: [Action] {
    demonstrations.episodes.flatMap { $0.recording.keyframes.map(\.action) }
  }

  /// What evaluation makes of what was learnt.
  private func roundTrip(
    _ action: Action, _ statistics: DimensionStatistics
  ) throws -> Action {
    let normalized = try ActionScaling(statistics).normalized(action)
    let chunk = network.unnormalize(Matrix(row: normalized), statistics: statistics)
    return try #require(chunk.actions.first)
  }

  @Test("evaluation gives a demonstrated action back", arguments: AngleBranch.allCases)
  func roundTrip(branch: AngleBranch) throws {
    var options = DataOptions()
    options.bounds = .extremes
    options.angles = branch
    let statistics = try demonstrations.statistics(options).action
    for action in actions {
      let back = try roundTrip(action, statistics)
      let comparison = try #require(ActionComparison(predicted: back, demonstrated: action))
      #expect(comparison.positionError < 1e-6)
      #expect(comparison.rotationError < 1e-4)
      #expect(comparison.gripperAgreement)
    }
  }

  @Test("beyond the percentiles an action is clipped to them, as evaluation clips it")
  func clipping() throws {
    let statistics = try demonstrations.statistics().action
    let outermost = try #require(actions.min { $0.translation.y < $1.translation.y })
    #expect(outermost.translation.y < statistics.q01[1] - 1e-3)
    let back = try roundTrip(outermost, statistics)
    #expect(abs(back.translation.y - statistics.q01[1]) < 1e-6)
  }

  @Test("with the standard options the statistics are numpy's over the key frames")
  func statistics() throws {
    let found = try demonstrations.statistics()
    let forward = actions.map { Double($0.vector[1]) }.sorted()
    #expect(found.transitionCount == 22)
    #expect(found.trajectoryCount == 4)
    #expect(found.action.mask == [true, true, true, true, true, true, false])
    #expect(abs(found.action.mean[1] - forward.reduce(0, +) / 22) < 1e-12)
    #expect(found.action.min[1] == forward.first)
    // numpy.quantile(x, 0.99): linear between the two values around 0.99 · 21.
    #expect(abs(found.action.q99[1] - (forward[20] + 0.79 * (forward[21] - forward[20]))) < 1e-12)
  }

  @Test(
    "a roll at both ends of the turn becomes one place; a margin and a least range widen bounds")
  func unwrapping() throws {
    var options = DataOptions()
    options.bounds = .extremes
    let recorded = try demonstrations.statistics(options).action
    #expect(recorded.q99[3] - recorded.q01[3] > 6)
    options.angles = .unwrapped
    let unwrapped = try demonstrations.statistics(options).action
    #expect(unwrapped.q99[3] - unwrapped.q01[3] < 0.01)
    #expect(unwrapped.q99[5] - unwrapped.q01[5] < 1)
    options.margin = 0.1
    options.minimumAngleRange = 1
    let wide = try demonstrations.statistics(options).action
    #expect(abs(wide.q99[3] - wide.q01[3] - 1) < 1e-9)
    #expect(abs((wide.q99[3] + wide.q01[3]) - (unwrapped.q99[3] + unwrapped.q01[3])) < 1e-9)
    let width = unwrapped.q99[0] - unwrapped.q01[0]
    #expect(abs(wide.q99[0] - wide.q01[0] - 1.2 * width) < 1e-9)
    #expect([wide.q01[6], wide.q99[6]] == [unwrapped.q01[6], unwrapped.q99[6]])
  }

  private static let turns: [([Double], Double)] = [
    ([3.1, -3.1, 3.0], Double.pi), ([0.1, -0.2, 0.05], 0), ([1.5, 7.8, 1.6], 1.55),
    ([0, 0.1, Double.pi, Double.pi], Double.pi / 2),
  ]

  @Test("a turn is cut where there are the fewest angles", arguments: turns)
  func cuts(angles: [Double], middle: Double) {
    let cut = AngleCut(through: angles)
    let distance = abs((cut.middle - middle).remainder(dividingBy: 2 * .pi))
    // Two clusters have two gaps, of which either will do.
    #expect(min(distance, angles.count == 4 ? .pi - distance : distance) < 0.15)
    let unwrapped = angles.map { cut($0) }
    #expect(unwrapped.allSatisfy { abs($0 - cut.middle) <= .pi })
    #expect((unwrapped.max() ?? 0) - (unwrapped.min() ?? 0) < 3.3)
  }

  @Test("statistics that are no action's are refused")
  func badStatistics() throws {
    var statistics = try demonstrations.statistics().action
    statistics.q01[2] = statistics.q99[2] + 1
    #expect(throws: TrainingDataError.self) { _ = try ActionScaling(statistics) }
    statistics.q01 = [0]
    #expect(throws: TrainingDataError.self) { _ = try ActionScaling(statistics) }
  }
}
