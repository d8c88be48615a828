/// What kind of trouble an error is; the command's exit code follows from it.
package enum FailureKind: Int32, Sendable {
  /// The command line or a plan asks for something that makes no sense.
  case usage = 64
  /// A file is there but is not what it should be.
  case badData = 65
  /// A file or folder is not there or cannot be read.
  case missingInput = 66
  /// Our own mistake.
  case internalFault = 70
  /// A result cannot be written.
  case cannotWrite = 73
}

/// An error for a person: one sentence that says what, where, what was expected, what to do.
package protocol ExplainedError: Error, CustomStringConvertible {
  var kind: FailureKind { get }
}
