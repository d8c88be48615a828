package import Failures

/// What can go wrong between two runs and a verdict.
package enum GateError: ExplainedError, Equatable {
  /// A run has no such method; these it has.
  case noSuchMethod(String, run: String, methods: [String])
  /// Several methods on either side, and none of one name.
  case noSharedMethod(base: [String], candidate: [String])
  case noSuchTask(String, tasks: [String])
  /// The two sides did not see the same.
  case notPaired([PairingFault])
  /// Some episodes are on one side only.
  case partial([MissingEpisode])
  /// Runs that are not complete.
  case unfinished(runs: [String])
  /// No episode is on both sides.
  case noPairs
  case fileNotReadable(path: String, reason: String)
  case fileSyntax(path: String, line: Int, problem: String)
  /// A key that no gate file has.
  case unknownKey(path: String, line: Int, key: String, known: [String])
  case wrongValue(path: String, line: Int, key: String, expected: String)
  case cannotWrite(file: String, reason: String)

  package var kind: FailureKind {
    switch self {
    case .noSuchMethod, .noSharedMethod, .noSuchTask: .usage
    case .notPaired, .partial, .unfinished, .noPairs: .badData
    case .fileNotReadable: .missingInput
    case .fileSyntax, .unknownKey, .wrongValue: .usage
    case .cannotWrite: .cannotWrite
    }
  }

  package var description: String {
    switch self {
    case .noSuchMethod(let name, let run, let methods):
      "'\(run)' has no method '\(name)'; choose one of \(GateError.list(methods))."
    case .noSharedMethod(let base, let candidate):
      "No method is in both runs (\(GateError.list(base)) against \(GateError.list(candidate)));"
        + " say which to compare with '--base-method' and '--candidate-method'."
    case .noSuchTask(let task, let tasks):
      "No run has the task '\(task)'; choose among \(GateError.list(tasks))."
    case .notPaired(let faults):
      "The runs did not see the same, so their episodes are no pairs"
        + " (\(GateError.some(faults.map(\.text)))); evaluate both with the same plan, data and"
        + " tasks, and see standard output for every difference."
    case .partial(let missing):
      "\(missing.count) \(missing.count == 1 ? "episode is" : "episodes are") in one run only"
        + " (\(GateError.some(missing.map(GateError.text)))); finish the runs, or compare what"
        + " both have with '--allow-partial'."
    case .unfinished(let runs):
      "The run \(GateError.list(runs)) is not complete; finish it with 'mole eval --resume', or"
        + " compare what is there with '--allow-partial'."
    case .noPairs:
      "The runs have no episode in common; evaluate both on the same tasks, episodes and seed."
    case .fileNotReadable(let path, let reason):
      "The gate file '\(path)' cannot be read (\(reason)); check the path, or write one with"
        + " 'mole compare --print-gate'."
    case .fileSyntax(let path, let line, let problem):
      "Line \(line) of the gate file '\(path)' is no gate's (\(problem)); see 'mole compare"
        + " --print-gate' for one."
    case .unknownKey(let path, let line, let key, let known):
      "Line \(line) of the gate file '\(path)' has the unknown key '\(key)'; expected"
        + " \(GateError.list(known))."
    case .wrongValue(let path, let line, let key, let expected):
      "Line \(line) of the gate file '\(path)' gives '\(key)' a wrong value; expected \(expected)."
    case .cannotWrite(let file, let reason):
      "'\(file)' cannot be written (\(reason)); choose another place."
    }
  }

  private static func text(_ missing: MissingEpisode) -> String {
    "'\(missing.episode)' of '\(missing.task)' is missing in the \(missing.missingIn.rawValue)"
  }

  private static func list(_ names: [String]) -> String {
    names.map { "'\($0)'" }.joined(separator: ", ")
  }

  /// The first few, and how many more there are.
  private static func some(_ texts: [String]) -> String {
    let shown = texts.prefix(5).joined(separator: "; ")
    return texts.count > 5 ? "\(shown); and \(texts.count - 5) more" : shown
  }
}
