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
  /// No library gives an OpenGL context.
  case noGraphics(attempts: [String])
  /// The environment asks for a library of OpenGL contexts that is not known.
  case badGraphicsChoice(String)
  /// Pictures of this size are not drawn.
  case badPictureSize(width: Int, height: Int)

  package var kind: FailureKind {
    switch self {
    case .badModel, .unknownName, .stateMismatch: .badData
    case .badGraphicsChoice, .badPictureSize: .usage
    case .noGraphics: .missingInput
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
      "The simulation cannot be trusted after \((time * 1000).rounded() / 1000) s: \(reason)."
    case .engine(let message):
      "MuJoCo failed with '\(message)'; please report how to make this happen."
    case .noGraphics(let attempts):
      "No OpenGL context for drawing pictures can be made, tried \(attempts.joined(separator: ", ")); "
        + "install libegl1, libegl-mesa0 and libgl1-mesa-dri, or libosmesa6."
    case .badGraphicsChoice(let choice):
      "The environment variable \(GraphicsLibrary.variable) is '\(choice)', but must be "
        + GraphicsLibrary.allCases.map { "'\($0.rawValue)'" }.joined(separator: " or ")
        + "; unset it to try both."
    case .badPictureSize(let width, let height):
      "A picture of \(width)x\(height) pixels cannot be drawn; ask for \(PictureSize.sides.lowerBound) "
        + "to \(PictureSize.sides.upperBound) a side."
    }
  }

  /// A recorded state may say any time, also one that is no whole number of milliseconds.
  private func milliseconds(_ seconds: Double) -> String {
    let count = (seconds * 1000).rounded()
    return (Int(exactly: count).map(String.init) ?? "\(count)") + " ms"
  }
}
