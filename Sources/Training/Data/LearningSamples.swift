package import Checkpoints
package import Manipulation
internal import TensorMath
package import VLAPolicy

/// The samples of a set: one a key frame, with the chunk of actions from there on.
package struct LearningSamples: Sendable {
  /// A key frame, by the numbers of its episode and of the frame in that.
  package struct Place: Hashable, Sendable {
    package let episode: Int
    package let step: Int
  }

  package let set: DemonstrationSet
  /// The length of a chunk.
  package let chunk: Int
  package let places: [Place]
  /// The number of each sample's task.
  package let tasks: [Int]
  private let promptIDs: [[Int]]
  /// What the policy is told of its gripper, `[episode][step]`; empty for one that is not told.
  private let grippers: [[[Float]]]
  /// `[steps * 7]` of each episode, normalised.
  private let actions: [[Float]]

  package var count: Int { places.count }

  /// - Parameter statistics: By which actions and the gripper's state are normalised.
  /// - Throws: `TrainingDataError.noChunk` for a policy without a diffusion head, or
  ///   `.badStatistics`; `PolicyError` or `CheckpointError` for an instruction that is no prompt.
  package init(
    _ set: DemonstrationSet, configuration: Configuration, tokenizer: Tokenizer,
    statistics: DatasetStatistics
  ) throws {
    guard case .diffusion(let head) = configuration.actionHead else {
      throw TrainingDataError.noChunk(head: "action tokens")
    }
    let scaling = try ActionScaling(statistics.action)
    self.set = set
    chunk = head.chunk
    places = set.episodes.enumerated().flatMap { number, episode in
      episode.pictures.indices.map { Place(episode: number, step: $0) }
    }
    tasks = places.map { set.episodes[$0.episode].task }
    var prompts: [String: [Int]] = [:]
    promptIDs = try set.episodes.map { episode in
      let instruction = episode.recording.instruction
      if let known = prompts[instruction] { return known }
      let ids = try Prompt.ids(
        instruction: instruction, tokenizer: tokenizer, configuration: configuration)
      prompts[instruction] = ids
      return ids
    }
    let gripper = try configuration.gripper.map { _ in try GripperState(statistics) }
    grippers = try set.episodes.map { episode in
      guard let gripper else { return [] }
      return try episode.recording.keyframes.map { try gripper($0.observation) }
    }
    actions = set.episodes.map { $0.recording.keyframes.flatMap { scaling.normalized($0.action) } }
  }

  /// The sample of a number in `0..<count`, its picture as it is.
  package subscript(index: Int) -> LearningSample {
    let place = places[index]
    let own = actions[place.episode][(place.step * Action.width)...]
    let given = own.prefix(chunk * Action.width)
    let stepCount = given.count / Action.width
    // After the end: the last action again, so that no number is out of the ordinary.
    let rest = (stepCount..<chunk).flatMap { _ in given.suffix(Action.width) }
    return LearningSample(
      picture: set.episodes[place.episode].pictures[place.step],
      promptIDs: promptIDs[place.episode],
      gripper: grippers[place.episode].isEmpty ? [] : grippers[place.episode][place.step],
      actions: Matrix(rows: chunk, columns: Action.width, elements: given + rest),
      isValid: (0..<chunk).map { $0 < stepCount }, episode: place.episode, step: place.step)
  }

  /// What was demonstrated at a sample's key frame.
  package func demonstratedAction(_ index: Int) -> Action {
    let place = places[index]
    return set.episodes[place.episode].recording.keyframes[place.step].action
  }

  /// Some samples that stand for all: the first of an epoch that has all tasks evenly.
  package func selection(_ limit: Int, seed: UInt64 = 0) -> [Int] {
    let order = SampleOrder(groups(.frames), seed: seed)
    return (0..<min(limit, count)).map(order.sample(at:))
  }
}
