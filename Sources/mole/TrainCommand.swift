import ArgumentParser
import Evaluation
import Foundation
import Outcomes
import TensorMath
import Training
import VLAPolicy

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a policy by a recipe.",
    discussion: """
      Reads demonstrations, trains on those of their mask 'train' and validates on 'valid'. The \
      folder gets recipe.yaml (with every key), training.json (what it was made of), losses.csv and \
      validation.csv with their curves, checkpoint (the best one by the recipe's rule, which 'mole \
      eval' takes), last where that is another, and state, from which an interrupted training goes \
      on bit for bit.

      A first policy:
        mole demos generate --suite mole10 --episodes 100 --out demos
        mole train --recipe Scripts/recipes/shallow.yaml --demos demos/*.hdf5 --out shallow
      Interrupted, by Ctrl-C or by anything else:
        mole train --resume shallow
      Another one that differs in a few keys:
        mole train --recipe Scripts/recipes/shallow.yaml --set seed=2 \\
          --set optimizer.learning_rate=3e-4 --demos demos/*.hdf5 --out shallow-2
      """)

  @Option(help: "What is trained and how, in YAML.")
  var recipe: String?

  @Option(
    name: .customLong("demos"), parsing: .upToNextOption,
    help: "Demonstration files (HDF5); when a training goes on, those that it began with.")
  var demonstrations: [String] = []

  @Option(name: [.short, .customLong("out")], help: "The folder to make.")
  var out: String?

  @Option(help: "Go on with the training in this folder.")
  var resume: String?

  @Option(help: "Give a key of the recipe another value, such as optimizer.clip=0.5; repeatable.")
  var set: [String] = []

  @Option(help: "Threads; by default one a processor.")
  var threads: Int?

  func validate() throws {
    guard (out == nil) != (resume == nil) else {
      throw ValidationError(
        "Give either '--out' for a new training, or '--resume' to go on with one.")
    }
    guard resume != nil || (recipe != nil && !demonstrations.isEmpty) else {
      throw ValidationError("A new training needs '--recipe' and '--demos'.")
    }
    guard resume == nil || set.isEmpty || recipe != nil else {
      throw ValidationError(
        "A training goes on with the recipe that it began with; leave '--set' away.")
    }
    try check("--threads", threads ?? 1, in: 1...1024)
  }

  func run() throws {
    Interruption.watch()
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    ComputeThreads.set(threads)
    let folder = URL(filePath: out ?? resume ?? "")
    let session = try TrainSession(
      folder: folder, recipe: resolvedRecipe(folder), demonstrations: demonstrations,
      resumes: resume != nil, threads: threads)
    guard try session.run() else {
      Console.say("Interrupted; go on with 'mole train --resume \(folder.relativePath)'.")
      throw ExitCode(130)
    }
    print(folder.appending(path: "checkpoint").relativePath)
  }

  private func resolvedRecipe(_ folder: URL) throws -> ResolvedRecipe {
    let given = try recipe.map { try ResolvedRecipe(path: $0, settings: set) }
    guard resume != nil else {
      try TrainingFolder.checkFree(folder)
      return try given ?? ResolvedRecipe(yaml: "", path: "")
    }
    let stored = try TrainingFolder.recipe(of: folder)
    let differences = given?.differences(from: stored) ?? []
    guard differences.isEmpty else {
      throw TrainingError.differs(
        path: folder.relativePath, what: "the recipe", names: differences)
    }
    return stored
  }
}
