import Manipulation

/// The environment of one task, made when it is first needed and let go when the run leaves it.
final class TaskWorld {
  private let make: (() throws -> any Environment)?
  private var environment: (any Environment)?

  init(make: (() throws -> any Environment)?) {
    self.make = make
  }

  /// Whether there is one to be made.
  var exists: Bool { make != nil }

  /// - Throws: What the making throws.
  /// - Precondition: It exists.
  func enter() throws -> any Environment {
    if let environment { return environment }
    guard let made = try make?() else { preconditionFailure("there is no world to enter") }
    environment = made
    return made
  }

  func leave() { environment = nil }
}
