package import Failures

/// What can go wrong when demonstrations are made or carried out again.
package enum CollectionError: ExplainedError, Equatable {
  /// The expert failed at every start that was tried for one demonstration.
  case expertFails(task: String, index: Int, attempts: Int, last: String)
  /// The world cannot write its state down.
  case unrecordable(task: String)
  /// A file's episode has no simulator state to start from.
  case noState(episode: String, file: String)
  /// There is no world of a file's task.
  case noWorld(task: String, file: String)

  package var kind: FailureKind {
    switch self {
    case .expertFails, .unrecordable: .internalFault
    case .noState: .badData
    case .noWorld: .missingInput
    }
  }

  package var description: String {
    switch self {
    case .expertFails(let task, let index, let attempts, let last):
      "The expert of '\(task)' failed at all \(attempts) starts tried for demonstration \(index)"
        + " (the last: \(last)); correct the way points in its task.yaml."
    case .unrecordable(let task):
      "The world of '\(task)' gives no state, so its episodes cannot be recorded; use one that does."
    case .noState(let episode, let file):
      "The episode '\(episode)' of '\(file)' has no 'states', 'seed' or 'actions' to start from;"
        + " carry out files that 'mole demos generate' or 'mole eval --record' wrote."
    case .noWorld(let task, let file):
      "'\(file)' demonstrates the task '\(task)', which the folder of tasks does not have; name"
        + " one that has it with '--tasks-dir', or see 'mole tasks list'."
    }
  }
}
