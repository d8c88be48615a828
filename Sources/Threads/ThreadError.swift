package import Failures

/// What can go wrong with threads.
package enum ThreadError: ExplainedError, Equatable {
  case refused(reason: String)

  package var kind: FailureKind { .internalFault }
}

extension ThreadError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .refused(let reason):
      "The system starts no more threads for this program (\(reason)); ask for a smaller '--batch' or"
        + " fewer '--workers', or raise the limits of memory and processes."
    }
  }
}
