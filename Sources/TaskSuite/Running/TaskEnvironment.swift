package import Manipulation
internal import Physics

/// A task in its simulated world, one episode at a time.
///
/// It belongs to one thread; threads that run episodes at once have one each, of the same scene.
package final class TaskEnvironment: Environment {
  package let options: EnvironmentOptions
  /// The task without perturbations.
  package let scene: TaskScene
  /// Called 20 times a simulated second while an action is carried out.
  package var observer: ((MotionSample) throws -> Void)?
  /// Whether those moments are kept for `takeMotion`.
  package var keepsMotion = false
  /// Whether they hold pictures.
  package var showsMotion = false

  private var motion: [MotionSample] = []
  private var episode: RunningEpisode?
  private var eyes: Eyes?

  /// - Throws: `TaskError` for a camera that the scene lacks.
  package init(_ scene: TaskScene, options: EnvironmentOptions = EnvironmentOptions()) throws {
    (self.scene, self.options) = (scene, options)
    try Eyes.check(options.cameras, in: scene)
  }

  package var definition: TaskDefinition { scene.definition }
  package var task: String { definition.name }
  package var variationCount: Int { definition.variations.count }
  package var actionBudget: Int { definition.budget }

  package func start(seed: UInt64, variation: Int) throws -> EnvironmentStart {
    let scene = try perturbedScene(options.perturbations, seed: seed, variation: variation)
    let world = try world(of: scene)
    let start = try StartSearch(scene: scene, variation: variation).find(seed: seed, in: world)
    return try begin(
      start, in: world, of: scene, perturbations: options.perturbations, seed: seed,
      variation: variation, words: nil)
  }

  /// Starts an episode as it was recorded, with the perturbations of the recording where it names
  /// them, else with those of the options.
  ///
  /// - Throws: `TaskError.differentTask`; `PhysicsError.stateMismatch`.
  package func restore(_ recording: RecordedStart) throws -> EnvironmentStart {
    guard recording.taskVersion == definition.versionText else {
      throw TaskError.differentTask(
        task: task,
        problem: "it was made with version \(recording.taskVersion.shown), but this is version"
          + " \(definition.version)")
    }
    let perturbations = try perturbations(of: recording)
    guard definition.variations.indices.contains(recording.variation) else {
      throw TaskError.differentTask(
        task: task,
        problem: "it is of variation \(recording.variation), but there are"
          + " \(variationCount)")
    }
    let scene = try perturbedScene(
      perturbations, seed: recording.seed, variation: recording.variation)
    if let model = recording.model, model != scene.mjcf {
      throw TaskError.differentTask(
        task: task, problem: "the world that it was made in differs from this one")
    }
    let world = try world(of: scene)
    return try begin(
      try recordedStart(recording, in: world, of: scene), in: world, of: scene,
      perturbations: perturbations, seed: recording.seed, variation: recording.variation,
      words: recording.instruction)
  }

  package func expertAction() throws -> Action? {
    let episode = try running()
    return episode.expert.action(in: episode.world)
  }

  /// What `restore` needs to start from this very moment; joints then count as unmoved.
  package var recording: RecordedStart? {
    episode.map {
      RecordedStart(
        state: $0.world.state, variation: $0.variation, seed: $0.seed,
        instruction: $0.instruction, taskVersion: definition.versionText, model: $0.scene.mjcf,
        perturbations: $0.perturbations.map(\.rawValue))
    }
  }

  package func takeMotion() -> [MotionSample] {
    defer { motion = [] }
    return motion
  }

  /// The episode's instruction.
  package var instruction: String? { episode?.instruction }

  /// Where the task's objects are: for each its pose (x, y, z, qx, qy, qz, qw), then the positions
  /// of the task's joints (rad or m).
  package var taskState: [Double]? { episode.map { $0.scene.taskState(in: $0.world) } }

  /// The finger joints in metres, 0 to 0.04.
  package var fingerPositions: [Double]? {
    episode.map { $0.scene.parts.arm.fingerPositions(in: $0.world) }
  }

  /// Whether the task is solved now.
  package var isSolved: Bool { episode?.isSolved ?? false }

  /// The task's conditions in words, with whether each holds now.
  package var conditions: [(words: String, holds: Bool)] {
    guard let episode else { return [] }
    let parts = episode.scene.variations[episode.variation].conditions
    return zip(definition.variations[episode.variation].success, parts).map {
      ($0.description, $1.holds(in: episode.world, since: episode.startJoints))
    }
  }

  /// A picture of the world as it is, from one camera.
  ///
  /// - Throws: When the camera is none of those asked for.
  package func picture(from camera: String) throws -> RGBImage {
    try sight(of: running()).picture(from: camera, of: running().world)
  }

  /// The free bodies that must stay above the table and do not.
  package var strayBodies: [String] {
    guard let episode else { return [] }
    return episode.scene.workspaceBodies
      .filter { !Table.isAbove(episode.world.pose(of: $0).position) }
      .map { episode.scene.model.name(of: $0) ?? "?" }
  }
}

extension TaskEnvironment {
  /// Simulates for some seconds without acting.
  ///
  /// - Throws: `PhysicsError` when the simulation diverges.
  package func wait(seconds: Double) throws {
    let world = try running().world
    try world.step(Int((seconds / scene.model.timestep).rounded()))
  }

  /// What is seen now.
  func observation(withPictures: Bool = true) throws -> Observation {
    let episode = try running()
    let (world, arm) = (episode.world, episode.scene.parts.arm)
    var observation = Observation(
      gripperPose: arm.tip(in: world),
      gripperOpen: arm.isGripperOpen(in: world) ? 1 : 0,
      jointPositions: arm.jointAngles(in: world).values)
    guard withPictures, !options.cameras.isEmpty else { return observation }
    let eyes = try sight(of: episode)
    for camera in options.cameras {
      observation.images[camera] = try eyes.picture(from: camera, of: world)
    }
    return observation
  }

  /// Tells of the moment, where somebody wants to know.
  func note() throws {
    guard observer != nil || keepsMotion else { return }
    let episode = try running()
    let world = episode.world
    let sample = MotionSample(
      time: world.time - episode.startTime, observation: try observation(withPictures: showsMotion),
      jointVelocities: episode.scene.parts.arm.jointSpeeds(in: world).values,
      state: world.state, isSolved: episode.isSolved)
    try observer?(sample)
    if keepsMotion { motion.append(sample) }
  }

  func running() throws -> RunningEpisode {
    guard let episode else { throw TaskError.notStarted(task: task) }
    return episode
  }

  /// The expert goes on to its next way point.
  func advanceExpert() {
    guard let world = episode?.world else { return }
    episode?.expert.advance(in: world)
  }

  private func begin(
    _ start: StartSearch.Start, in world: World, of scene: TaskScene,
    perturbations: [Perturbation], seed: UInt64, variation: Int, words: String?
  ) throws -> EnvironmentStart {
    let plan = ExpertPlan(scene, variation: variation)
    motion = []
    let instruction = words ?? instruction(seed: seed, variation: variation)
    episode = RunningEpisode(
      scene: scene, world: world, perturbations: perturbations, variation: variation, seed: seed,
      instruction: instruction, startJoints: start.joints, startTime: world.time,
      expert: ScriptedExpert(plan: plan, turn: start.turn))
    return EnvironmentStart(observation: try observation(), instruction: instruction)
  }

  private func instruction(seed: UInt64, variation: Int) -> String {
    let variation = definition.variations[variation]
    if options.perturbations.contains(.instruction), !variation.paraphrases.isEmpty {
      var generator = Perturbation.instruction.generator(seed: seed)
      return variation.paraphrases[generator.index(below: variation.paraphrases.count)]
    }
    switch options.wording {
    case .default: return variation.instructions[0]
    case .longest: return variation.longestInstruction
    }
  }

  private func perturbedScene(
    _ perturbations: [Perturbation], seed: UInt64, variation: Int
  ) throws -> TaskScene {
    guard definition.variations.indices.contains(variation) else {
      throw TaskError.noSuchVariation(variation, task: task, count: variationCount)
    }
    return try scene.perturbed(by: perturbations, seed: seed)
  }

  /// - Throws: `differentTask` for one that is not known.
  private func perturbations(of recording: RecordedStart) throws(TaskError) -> [Perturbation] {
    guard let names = recording.perturbations else { return options.perturbations }
    for name in names where Perturbation(rawValue: name) == nil {
      throw .differentTask(
        task: task, problem: "it was made with the unknown perturbation '\(name.shown)'")
    }
    // The order in which they are switched on is always the same.
    return Perturbation.allCases.filter { names.contains($0.rawValue) }
  }

  /// Brings `world` into a recorded state.
  ///
  /// - Throws: `differentTask` when nothing can go on from there; `PhysicsError.stateMismatch`.
  private func recordedStart(
    _ recording: RecordedStart, in world: World, of scene: TaskScene
  ) throws -> StartSearch.Start {
    do throws(PhysicsError) {
      return try StartSearch(scene: scene, variation: recording.variation)
        .start(at: recording.state, in: world)
    } catch {
      guard case .diverged(_, let reason) = error else { throw error }
      throw TaskError.differentTask(
        task: task, problem: "its first state cannot be simulated, because \(reason)")
    }
  }

  /// A world of its own for each scene; the one there is serves again.
  private func world(of scene: TaskScene) throws -> World {
    if let episode, episode.scene.model === scene.model { return episode.world }
    return try World(scene.model)
  }

  /// Pictures of the episode's scene; a perturbed scene needs new ones.
  private func sight(of episode: RunningEpisode) throws -> Eyes {
    if let eyes, eyes.sees(episode.scene) { return eyes }
    let eyes = try Eyes(episode.scene, cameras: options.cameras, side: options.imageSize)
    self.eyes = eyes
    return eyes
  }
}
