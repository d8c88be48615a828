package import Failures
internal import Files

/// What can go wrong with a training: its recipe, its material, its numbers, its folder.
package enum TrainingError: ExplainedError, Equatable {
  // The recipe
  case recipeNotReadable(path: String, reason: String)
  case recipeSyntax(path: String, line: Int, problem: String)
  case recipeKeys(path: String, keys: [String], known: [String])
  case recipeValue(path: String, key: String, problem: String)
  case recipeField(String, value: String, expected: String)
  case badSetting(String, problem: String)

  // The start
  case noInitialCheckpoint(path: String)
  case wrongStart(count: Int, expected: Int)
  case tooFewSamples(count: Int, batch: Int)
  case tooLittleText(tokens: Int, window: Int)

  // The numbers
  case notFinite(what: String, update: Int)
  case notMeasured(rule: String)

  // The folder
  case holdsTraining(path: String)
  case noTraining(path: String)
  case inUse(path: String)
  case damagedRecord(path: String, problem: String)
  case damagedState(path: String, problem: String)
  case differs(path: String, what: String, names: [String])
  case cannotWrite(path: String, reason: String)

  package var kind: FailureKind {
    switch self {
    case .recipeSyntax, .recipeKeys, .recipeValue, .recipeField, .badSetting, .holdsTraining,
      .inUse, .differs, .notMeasured, .tooFewSamples, .tooLittleText:
      .usage
    case .recipeNotReadable, .noInitialCheckpoint, .noTraining: .missingInput
    case .notFinite, .damagedRecord, .damagedState: .badData
    case .wrongStart: .internalFault
    case .cannotWrite: .cannotWrite
    }
  }
}

extension TrainingError: CustomStringConvertible {
  package var description: String {
    recipeSentence ?? startSentence ?? folderSentence ?? "The training is not usable."
  }

  private var recipeSentence: String? {
    switch self {
    case .recipeNotReadable(let path, let reason):
      "The recipe '\(path)' cannot be read (\(reason)); name a YAML file with '--recipe'."
    case .recipeSyntax(let path, let line, let problem):
      "The recipe '\(path)' is no plain YAML mapping at line \(line): \(problem)."
    case .recipeKeys(let path, let keys, let known):
      "The recipe '\(path)' has the unknown \(keys.count == 1 ? "key" : "keys") \(keys.quoted); a"
        + " recipe knows \(known.joined(separator: ", "))."
    case .recipeValue(let path, let key, let problem):
      "The recipe '\(path)' has a wrong value for '\(key)': \(problem)."
    case .recipeField(let field, let value, let expected):
      "The recipe's '\(field)' is \(value), but must be \(expected)."
    case .badSetting(let text, let problem):
      "'--set \(text)' cannot be used (\(problem)); write a key of the recipe and its value, such as"
        + " 'optimizer.learning_rate=3e-4'."
    default: nil
    }
  }

  private var startSentence: String? {
    switch self {
    case .noInitialCheckpoint(let path):
      "The initial checkpoint '\(path)' is no checkpoint folder and holds none; name one with"
        + " config.json and weights, or the folder of a finished training."
    case .wrongStart(let count, let expected):
      "The training starts from \(count) numbers, but its parameters are \(expected); please report"
        + " this."
    case .tooFewSamples(let count, let batch):
      "The demonstrations hold \(count) samples to train on, fewer than the \(batch) of a batch; give"
        + " more files or a smaller 'batch'."
    case .tooLittleText(let tokens, let window):
      "The text has \(tokens) tokens, fewer than two windows of \(window); give a longer text or a"
        + " smaller window."
    case .notFinite(let what, let update):
      "The training went astray: \(what) is not finite in update \(update); lower"
        + " 'optimizer.learning_rate' or lengthen 'optimizer.warmup'."
    case .notMeasured(let rule):
      "The recipe keeps the best checkpoint by '\(rule)', but nothing measures that; use"
        + " 'lowest-loss' or 'last' for 'validation.best'."
    default: nil
    }
  }

  private var folderSentence: String? {
    switch self {
    case .holdsTraining(let path):
      "'\(path)' already holds a training; go on with it by '--resume \(path)', or choose another"
        + " '--out'."
    case .noTraining(let path):
      "'\(path)' has no 'recipe.yaml' and so is no folder of a training; name one that 'mole train"
        + " --out' made."
    case .inUse(let path):
      "'\(path)' is in use by another process; wait for it, or choose another folder."
    case .damagedRecord(let path, let problem):
      "'\(path)' is damaged (\(problem)); start the training anew in another folder."
    case .damagedState(let path, let problem):
      "The state '\(path)' cannot be used: \(problem); start the training anew in another folder."
    case .differs(let path, let what, let names):
      "The training '\(path)' cannot go on, because \(what) \(names.count == 1 ? "differs" : "differ")"
        + " from when it started (\(names.joined(separator: ", "))); restore that, or start anew in"
        + " another folder."
    case .cannotWrite(let path, let reason):
      "'\(path)' cannot be written (\(reason)); check the permissions and the space left."
    default: nil
    }
  }
}

extension TrainingError {
  /// What is wrong with the file at `path` that was to be written.
  init(writing path: String, _ fault: FileFault) {
    self =
      switch fault {
      case .cannotWrite(let reason): .cannotWrite(path: path, reason: reason)
      case .unreadable(let reason): .cannotWrite(path: path, reason: reason)
      case .missing: .cannotWrite(path: path, reason: "it is not there")
      case .tooLarge(let count, _): .cannotWrite(path: path, reason: "it has \(count) bytes")
      }
  }
}

extension [String] {
  var quoted: String { map { "'\($0)'" }.joined(separator: ", ") }
}
