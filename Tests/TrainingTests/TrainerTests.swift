import Checkpoints
import Failures
import Foundation
import Outcomes
import TensorMath
import Testing
import Training
import VLAPolicy

@Suite("The training loop")
struct TrainerTests {
  private static let yaml = """
    {name: colours, preset: tiny, seed: 3, updates: 20, batch: 8, lanes: 2, ema: 0.9,
    optimizer: {learning_rate: 0.1, warmup: 2, weight_decay: 0},
    validation: {every: 6, best: lowest-loss}, checkpoint_every: 5}
    """

  private func recipe(_ settings: [String] = []) throws -> ResolvedRecipe {
    try ResolvedRecipe(yaml: Self.yaml, path: "colours.yaml", settings: settings)
  }

  /// A folder for one test, removed at its end.
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "mole-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(url)
  }

  /// Trains in `folder`, or goes on there.
  ///
  /// - Returns: Whether the training is complete, and the parameters.
  @discardableResult
  private func train(
    _ folder: URL, settings: [String] = [], resumes: Bool = false, witness: Witness = Witness(),
    objective: ColourObjective = ColourObjective(), sha256: String = "00"
  ) throws -> (isComplete: Bool, parameters: [Float]) {
    let recipe = try recipe(settings)
    let trainer = try Trainer(
      recipe.recipe, objective: objective, material: ColourSource.material)
    var state = try trainer.start(from: objective.layout.randomStart(seed: recipe.recipe.seed))
    let parts = try RandomCheckpoint.parts(of: .tiny)
    let record = TrainingRecord(
      recipe: recipe.recipe, program: "test",
      environment: RunEnvironment(
        commit: nil, uncommittedChanges: nil, compiler: "", optimized: true, libraries: [:],
        processor: "", processorCount: 1, threads: 1, operatingSystem: ""),
      demonstrations: [FileDigest(path: "colours.hdf5", bytes: 1, sha256: sha256)], initial: [],
      parameters: [:])
    var keeper = try TrainingFolder(
      folder, recipe: recipe, layout: objective.layout,
      description: PolicyDescription(
        configuration: parts.configuration, tokenizer: parts.tokenizer, statistics: [:]),
      record: record, state: &state, resumes: resumes)
    let isComplete = try trainer.run(&state, keeper: &keeper, observer: witness)
    return (isComplete, state.parameters.values)
  }

  private func bytes(_ folder: URL, _ name: String) throws -> Data {
    try Data(contentsOf: folder.appending(path: name))
  }

  @Test("a linear map is learnt")
  func convergence() throws {
    try withFolder { folder in
      let witness = Witness()
      let result = try train(
        folder.appending(path: "run"), settings: ["updates=600", "validation.every=600"],
        witness: witness)
      #expect(result.isComplete)
      #expect((witness.losses.first ?? 0) > 0.1)
      for (found, truth) in zip(result.parameters, ColourObjective.truth) {
        #expect(abs(found - truth) < 0.02)
      }
    }
  }

  @Test("in one go or interrupted, the state, the curves and the checkpoint are the same bytes")
  func resume() throws {
    try withFolder { folder in
      let (whole, parts) = (folder.appending(path: "whole"), folder.appending(path: "parts"))
      let finished = [
        try train(whole),
        // Not at multiples of what is kept: who stops keeps what there is.
        try train(parts, witness: Witness(stopsAfter: 7)),
        try train(parts, resumes: true, witness: Witness(stopsAfter: 6)),
        try train(parts, resumes: true),
      ].map(\.isComplete)
      #expect(finished == [true, false, false, true])
      for file in [
        "state/state.safetensors", "losses.csv", "validation.csv", "recipe.yaml",
        "checkpoint/model.safetensors", "checkpoint/config.json",
      ] {
        let (one, two) = (try bytes(whole, file), try bytes(parts, file))
        #expect(one == two, "\(file)")
      }
    }
  }

  @Test("killed between two states, the training goes back to the state and comes out the same")
  func killed() throws {
    try withFolder { folder in
      let (whole, parts) = (folder.appending(path: "whole"), folder.appending(path: "parts"))
      try train(whole)
      // An update that fails leaves what a kill would: lines after the last state.
      #expect(throws: TrainingError.self) {
        try train(parts, objective: ColourObjective(brokenUpdate: 13))
      }
      let lines = String(decoding: try bytes(parts, "losses.csv"), as: UTF8.self)
        .split(separator: "\n")
      #expect(lines.count == 14)
      let torn = Data("\(lines.joined(separator: "\n"))\n1".utf8)
      try torn.write(to: parts.appending(path: "losses.csv"))
      let witness = Witness()
      try train(parts, resumes: true, witness: witness)
      #expect(witness.losses.count == 10)
      for file in ["state/state.safetensors", "losses.csv", "validation.csv"] {
        let (one, two) = (try bytes(whole, file), try bytes(parts, file))
        #expect(one == two, "\(file)")
      }
    }
  }

  @Test("the number of threads changes nothing")
  func threads() throws {
    try withFolder { folder in
      let before = ComputeThreads.count
      defer { ComputeThreads.set(before) }
      let results = try [1, 2, 5].map { count in
        ComputeThreads.set(count)
        return try train(folder.appending(path: "\(count)")).parameters
      }
      #expect(results[0] == results[1] && results[1] == results[2])
    }
  }

  @Test("accumulated micro-batches of the same samples differ from one batch in the noise alone")
  func accumulation() throws {
    try withFolder { folder in
      let lanes = Witness()
      try train(folder.appending(path: "a"), settings: ["accumulate=4", "lanes=1"], witness: lanes)
      #expect(lanes.losses.count == 20)
      let text = String(
        decoding: try bytes(folder.appending(path: "a"), "losses.csv"), as: UTF8.self)
      let header = text.split(separator: "\n").prefix(2).map(String.init)
      #expect(header[0] == "update,learning_rate,gradient_norm,loss,task,size")
      #expect(header[1].hasSuffix(",2"))
    }
  }

  @Test("validation comes when the recipe says, and after the last update; the best is kept")
  func validation() throws {
    try withFolder { folder in
      let witness = Witness()
      let run = folder.appending(path: "run")
      try train(run, witness: witness)
      #expect(witness.validated == [6, 12, 18, 20])
      let rows = String(decoding: try bytes(run, "validation.csv"), as: UTF8.self)
        .split(separator: "\n").dropFirst().map { $0.split(separator: ",").map(String.init) }
      let best = rows.min { (Double($0[1]) ?? 0) < (Double($1[1]) ?? 0) }
      let record = try TrainingFolder.record(of: run)
      #expect(record.best.map { "\($0.updates)" } == best?.first)
      #expect(record.isComplete && record.updates == 20)
      let archive = try TensorArchive(checkpointDirectory: run.appending(path: "checkpoint"))
      #expect(archive.names.sorted() == ["map.bias", "map.weight"])
    }
  }

  @Test("a loss that is no number stops the training with the update and the part")
  func notFinite() throws {
    try withFolder { folder in
      let error = #expect(throws: TrainingError.self) {
        try train(folder.appending(path: "run"), objective: ColourObjective(brokenUpdate: 3))
      }
      #expect(error == .notFinite(what: "the loss 'task'", update: 3))
      #expect(error?.kind == .badData)
    }
  }

  @Test("other demonstrations, another policy or a damaged state are no way to go on")
  func refusals() throws {
    try withFolder { folder in
      let run = folder.appending(path: "run")
      #expect(throws: TrainingError.noTraining(path: run.relativePath)) {
        try TrainingFolder.recipe(of: run)
      }
      try train(run, witness: Witness(stopsAfter: 5))
      let other = #expect(throws: TrainingError.self) {
        try train(run, resumes: true, sha256: "11")
      }
      #expect(other?.description.contains("'colours.hdf5'") == true)
      #expect(throws: TrainingError.holdsTraining(path: run.relativePath)) { try train(run) }
      let withoutMean = #expect(throws: (any Error).self) {
        try train(run, settings: ["ema=null"], resumes: true)
      }
      #expect((withoutMean as? any ExplainedError)?.kind == .badData)
      let state = run.appending(path: "state/state.safetensors")
      try bytes(run, "state/state.safetensors").prefix(200).write(to: state)
      #expect(throws: CheckpointError.self) { try train(run, resumes: true) }
    }
  }

  @Test("a training that ended before its first state begins anew when it goes on")
  func withoutState() throws {
    try withFolder { folder in
      let (whole, parts) = (folder.appending(path: "whole"), folder.appending(path: "parts"))
      try train(whole)
      #expect(throws: TrainingError.self) {
        try train(parts, objective: ColourObjective(brokenUpdate: 3))
      }
      try train(parts, resumes: true)
      for file in ["state/state.safetensors", "losses.csv"] {
        let (one, two) = (try bytes(whole, file), try bytes(parts, file))
        #expect(one == two, "\(file)")
      }
    }
  }

  @Test("too few samples, or a rule that nothing measures, are told before anything is made")
  func unfit() throws {
    let recipe = try recipe().recipe
    let objective = ColourObjective()
    var material = ColourSource.material
    material.source = ColourSource(sampleCount: 7)
    #expect(throws: TrainingError.tooFewSamples(count: 7, batch: 8)) {
      try Trainer(recipe, objective: objective, material: material)
    }
    material = TrainingMaterial(source: ColourSource(), validation: [])
    #expect(throws: TrainingError.notMeasured(rule: "lowest-loss")) {
      try Trainer(recipe, objective: objective, material: material)
    }
  }
}
