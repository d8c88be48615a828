internal import Foundation
internal import Physics
internal import Statistics

/// How long this machine takes to simulate and to draw a task: medians of one thread.
package struct SimulationTimes: Equatable, Sendable {
  package let task: String
  /// Seconds of one physics step.
  package let step: Double
  /// Seconds of one picture from the first camera.
  package let picture: Double
  /// Seconds of one picture from each camera.
  package let allPictures: Double
  /// The share of the time in which the thread had a processor; far below 1, the machine was busy
  /// with something else and the times are too long.
  package let processorShare: Double

  /// Steps that are timed together: a quarter of a simulated second.
  private static let stepCount = 100

  /// Times a task from its first start on.
  ///
  /// - Parameters:
  ///   - cameras: At least one.
  ///   - imageSize: The pictures' side in pixels.
  ///   - repetitions: Measurements, of which the medians are kept; at least 1.
  /// - Throws: When the task cannot be started or drawn.
  package init(
    of scene: TaskScene, cameras: [String], imageSize: Int, repetitions: Int
  ) throws {
    precondition(!cameras.isEmpty && repetitions > 0, "nothing to measure")
    let environment = try TaskEnvironment(
      scene, options: EnvironmentOptions(cameras: cameras, imageSize: imageSize))
    _ = try environment.start(seed: 0, variation: 0)
    var (steps, first, all): ([Double], [Double], [Double]) = ([], [], [])
    let (begin, processorBegin) = (ContinuousClock.now, SimulationTimes.processorSeconds)
    for _ in 0..<repetitions {
      steps.append(
        try SimulationTimes.seconds {
          try environment.wait(seconds: Double(SimulationTimes.stepCount) * scene.model.timestep)
        } / Double(SimulationTimes.stepCount))
      first.append(try SimulationTimes.seconds { _ = try environment.picture(from: cameras[0]) })
      all.append(
        try SimulationTimes.seconds {
          for camera in cameras { _ = try environment.picture(from: camera) }
        })
    }
    processorShare =
      (SimulationTimes.processorSeconds - processorBegin) / (begin.duration(to: .now) / .seconds(1))
    task = scene.definition.name
    step = Sample(steps).median ?? .nan
    picture = Sample(first).median ?? .nan
    allPictures = Sample(all).median ?? .nan
  }

  private static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return start.duration(to: .now) / .seconds(1)
  }

  /// Processor time that this thread has had.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
