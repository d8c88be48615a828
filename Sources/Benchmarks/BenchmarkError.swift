package import Failures

/// What can go wrong with a measurement.
package enum BenchmarkError: ExplainedError, Equatable {
  case tooLarge(gigabytes: Int, available: Int)
  case tooFewTokens(Int, patches: Int)
  case noTwin(tried: [String])
  case noPython(path: String)
  case twinFailed(path: String, reason: String)

  package var kind: FailureKind {
    switch self {
    case .tooLarge, .tooFewTokens: .usage
    case .noTwin, .noPython: .missingInput
    case .twinFailed: .internalFault
    }
  }

  package var description: String {
    switch self {
    case .tooLarge(let gigabytes, let available):
      "The measurement needs \(gigabytes) GB of memory, but \(available) GB are free; ask for fewer"
        + " '--layers', a smaller '--dtype' or one at a time."
    case .tooFewTokens(let count, let patches):
      "'--tokens' is \(count), but the picture alone has \(patches); ask for at least"
        + " \(patches + 1)."
    case .noTwin(let tried):
      "PyTorch's side, 'Scripts/bench/torch_twin.py', is not there (tried"
        + " \(tried.joined(separator: ", "))); run from the folder of mole's sources."
    case .noPython(let path):
      "There is no Python with PyTorch at '\(path)'; make it with 'Scripts/setup --bench', or set"
        + " MOLE_TORCH_PYTHON to another."
    case .twinFailed(let path, let reason):
      "PyTorch's side, '\(path)', gave no answer (\(reason)); run 'Scripts/setup --bench' anew, or"
        + " leave out '--against'."
    }
  }
}
