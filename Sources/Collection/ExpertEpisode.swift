internal import Demonstrations
internal import Manipulation

/// One episode of the scripted expert, with all that a file holds of it.
struct ExpertEpisode {
  /// Key frames and, at each but the last, the action that was carried out there.
  private(set) var moments: [Moment] = []
  private(set) var instruction = ""
  private(set) var isSolved = false
  private(set) var failure: ExecutionFailure?

  struct Moment {
    var observation: Observation
    var recording: RecordedStart
    var action: Action?
    /// What was carried out in its place, where that was another.
    var executed: Action?
    /// What happened during the action; the last sample shows its end.
    var motion: [MotionSample] = []
    /// Whether the task is solved after the action.
    var solves = false
  }

  /// Lets the expert act until the task is solved, it has nothing left to do, or its budget is used
  /// after what the novice did.
  ///
  /// - Parameters:
  ///   - distance: How far the gripper misses the way points on its way at most, in metres.
  ///   - novice: Acts first, if it is there.
  /// - Throws: What the environment or the novice throws; `CollectionError.unrecordable`.
  init(
    in environment: any Environment, seed: UInt64, variation: Int, straying distance: Double = 0,
    novice: (any Policy)? = nil
  ) throws {
    let start = try environment.start(seed: seed, variation: variation)
    instruction = start.instruction
    moments = [try moment(start.observation, in: environment)]
    var straying = Straying(distance: distance, start: start.observation, seed: seed)
    let lead = novice.map {
      NoviceLead($0, instruction: start.instruction, seed: seed, budget: environment.actionBudget)
    }
    let budget = (lead?.actionCount ?? 0) + environment.actionBudget
    try environment.letExpertAct(budget: budget) { action in
      let strayed = straying(action)
      let step = moments.count - 1
      let executed = try lead?.action(at: step, seeing: moments[step].observation) ?? strayed
      if distance > 0 || lead != nil { moments[step].executed = executed }
      return executed
    } observe: { action, outcome in
      isSolved = outcome.isSolved
      failure = outcome.failure
      moments[moments.count - 1].action = action
      moments[moments.count - 1].motion = environment.takeMotion()
      moments[moments.count - 1].solves = isSolved
      moments.append(try moment(outcome.observation, in: environment))
    }
  }

  private func moment(
    _ observation: Observation, in environment: any Environment
  ) throws -> Moment {
    guard let recording = environment.recording else {
      throw CollectionError.unrecordable(task: environment.task)
    }
    return Moment(observation: observation, recording: recording)
  }

  /// Why it is no demonstration.
  var shortcoming: String? {
    if let failure { return "\(failure.rawValue) in action \(moments.count - 1)" }
    return isSolved ? nil : "not solved after \(moments.count - 1) actions"
  }
}

extension ExpertEpisode {
  /// The episode as a file holds it: a row a key frame, and the motion between them beside it.
  ///
  /// The last row is the end, where nothing is left to do: its action stays where it is.
  func demonstration(seed: UInt64, variation: Int) -> RecordedDemonstration {
    let frames = moments.map(frame)
    var result = blank(seed: seed, variation: variation, frames: frames)
    result.motion = moments.flatMap(\.motion)
    return result
  }

  /// The episode with a row a motion sample, each with the action towards the next key frame.
  func demonstrationOfAllFrames(seed: UInt64, variation: Int) -> RecordedDemonstration {
    var frames: [RecordedFrame] = []
    for (moment, next) in zip(moments, moments.dropFirst()) {
      frames.append(frame(moment))
      for sample in moment.motion.dropLast() {
        frames.append(
          frame(sample, action: moment.action, towards: next.observation.gripperPose))
      }
    }
    if let last = moments.last { frames.append(frame(last)) }
    return blank(seed: seed, variation: variation, frames: frames)
  }

  private func frame(_ moment: Moment) -> RecordedFrame {
    RecordedFrame(
      observation: moment.observation,
      action: moment.action ?? Action(staying: moment.observation),
      isKeyframe: moment.action != nil, reward: moment.action == nil || moment.solves ? 1 : 0,
      isDone: moment.action == nil, state: moment.recording.state, executed: moment.executed)
  }

  private func frame(
    _ sample: MotionSample, action: Action?, towards goal: Pose?
  ) -> RecordedFrame {
    var action = action ?? Action(staying: sample.observation)
    if let goal, let pose = sample.observation.gripperPose {
      action.translation = goal.position - pose.position
    }
    return RecordedFrame(
      observation: sample.observation, action: action, isKeyframe: false,
      reward: sample.isSolved ? 1 : 0, state: sample.state)
  }

  private func blank(
    seed: UInt64, variation: Int, frames: [RecordedFrame]
  ) -> RecordedDemonstration {
    RecordedDemonstration(
      instruction: instruction, variation: variation, seed: seed, success: isSolved,
      source: "expert", frames: frames, model: moments.first?.recording.model)
  }
}
