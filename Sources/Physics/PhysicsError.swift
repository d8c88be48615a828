package import Failures

/// What can go wrong with a simulated world.
package enum PhysicsError: ExplainedError, Equatable {
  /// MuJoCo refuses a model.
  case badModel(name: String, problem: String)
  /// A model has no such body, joint, …
  case unknownName(String, element: String, model: String)
  /// A recorded state has the wrong length.
  case stateMismatch(expected: Int, found: Int, model: String)
  /// The simulation cannot be trusted any more.
  case diverged(time: Double, reason: String)
  /// The engine raised an error of its own.
  case engine(String)

  package var kind: FailureKind {
    switch self {
    case .badModel, .unknownName, .stateMismatch: .badData
    case .diverged, .engine: .internalFault
    }
  }

  package var description: String {
    switch self {
    case .badModel(let name, let problem):
      "MuJoCo refuses the model '\(name)': \(problem); correct its MJCF."
    case .unknownName(let name, let element, let model):
      "The model '\(model)' has no \(element) '\(name)'; correct the name or add it to the MJCF."
    case .stateMismatch(let expected, let found, let model):
      "A state of \(found) numbers does not fit the model '\(model)', which has \(expected);"
        + " use the model that it was recorded with."
    case .diverged(let time, let reason):
      "The simulation cannot be trusted after \(Int((time * 1000).rounded())) ms: \(reason)."
    case .engine(let message):
      "MuJoCo failed with '\(message)'; please report how to make this happen."
    }
  }
}
