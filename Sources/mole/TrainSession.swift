import ArgumentParser
import Evaluation
import Foundation
import Outcomes
import Reports
import TensorMath
import Training
import VLAPolicy

/// One process's share of a training.
struct TrainSession {
  let folder: URL
  let recipe: ResolvedRecipe
  let demonstrations: [String]
  let resumes: Bool
  let threads: Int

  /// - Returns: Whether the training is complete.
  func run() throws -> Bool {
    let files = try demonstrationFiles()
    let start = try TrainingStart(recipe.recipe)
    let progress = TrainProgress()
    progress.say("Computing the digests of what is read.")
    let digests = try files.map { try FileDigest(ofFile: $0) }
    let initial = try start.folder.map { try FileDigest.all(inFolder: $0.path) } ?? []
    let preparation = try TrainingPreparation(
      recipe.recipe, start: start, demonstrations: files.map { URL(filePath: $0) },
      progress: progress.loading)
    let record = TrainingRecord(
      recipe: recipe.recipe, program: Mole.configuration.version,
      environment: .current(threads: threads, libraries: ProductEngines.descriptions),
      demonstrations: digests, initial: initial, parameters: preparation.parameterCounts)
    var state = try preparation.initialState()
    var keeper = try TrainingFolder(
      folder, recipe: recipe, layout: preparation.objective.layout,
      description: preparation.description, record: record, state: &state, resumes: resumes)
    progress.begin(at: state.progress.updates, samples: recipe.recipe.batch)
    defer { progress.finish() }
    let isComplete = try preparation.trainer.run(&state, keeper: &keeper, observer: progress)
    try TrainingCurves.draw(name: recipe.recipe.name, in: folder)
    return isComplete
  }

  /// Those that are given, or those that the training began with.
  private func demonstrationFiles() throws -> [String] {
    guard resumes, demonstrations.isEmpty else { return demonstrations }
    return try TrainingFolder.record(of: folder).demonstrations.map(\.path)
  }
}
