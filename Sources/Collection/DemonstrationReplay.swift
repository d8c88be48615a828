internal import Foundation
package import Demonstrations
package import Manipulation

/// What came of carrying out a recorded episode's actions from its recorded start.
package struct ReplayedEpisode: Equatable, Sendable {
  package var name: String
  package var actions: Int
  /// Whether the task is solved after the last action.
  package var isSolved: Bool
  /// The greatest difference of a number of the simulator's state at a key frame from the recorded
  /// one; 0 when all are the same, bit for bit, and infinite when they cannot be compared.
  package var stateError: Double
  package var failure: ExecutionFailure?
}

/// Carries out recorded demonstrations again.
package struct DemonstrationReplay {
  private let file: DemonstrationFile
  private let environment: any Environment

  package init(of file: DemonstrationFile, in environment: any Environment) {
    self.file = file
    self.environment = environment
  }

  /// Carries out one episode's key-frame actions.
  ///
  /// - Throws: `CollectionError.noState`; what the file or the environment throws.
  package func replay(_ index: Int) throws -> ReplayedEpisode {
    let name = file.episodeNames[index]
    guard let start = try file.recordedStart(of: index) else {
      throw CollectionError.noState(episode: name, file: file.url.path)
    }
    let keyframes = try file.keyframeActions(of: index)
    _ = try environment.restore(start)
    var result = ReplayedEpisode(name: name, actions: 0, isSolved: false, stateError: 0)
    for (position, keyframe) in keyframes.enumerated() {
      let outcome = try environment.execute(keyframe.action)
      result.actions += 1
      result.isSolved = outcome.isSolved
      result.failure = outcome.failure
      let next = position + 1 < keyframes.count ? keyframes[position + 1].frame : nil
      let recorded = try file.state(of: index, frame: next)
      result.stateError = max(result.stateError, difference(from: recorded))
      if outcome.failure != nil { break }
    }
    return result
  }

  private func difference(from recorded: [Double]) -> Double {
    guard let state = environment.recording?.state, state.count == recorded.count else {
      return .infinity
    }
    return zip(state, recorded).reduce(0) { worst, pair in
      let difference = abs(pair.0 - pair.1)
      // What is not a number would pass for equal in every comparison.
      return difference.isNaN ? .infinity : max(worst, difference)
    }
  }
}
