package import Failures

/// What can be wrong with demonstrations as something to learn from.
package enum TrainingDataError: ExplainedError, Equatable {
  case noFiles
  case missingMask(String, file: String, found: [String])
  case noKeyframes(mask: String, files: [String])
  case tooLarge(pictures: Int, gigabytes: Double, available: Double)
  /// Towers that want different colours around pictures that are not square.
  case severalPaddings(camera: String)
  case noChunk(head: String)
  case badStatistics(problem: String)

  package var kind: FailureKind {
    switch self {
    case .noFiles, .tooLarge, .noChunk, .severalPaddings: .usage
    case .missingMask, .noKeyframes, .badStatistics: .badData
    }
  }

  package var description: String {
    switch self {
    case .noFiles:
      "There are no demonstrations to learn from; name at least one file with --demos."
    case .missingMask(let mask, let file, let found):
      "'\(file)' has no episodes marked 'mask/\(mask)' (it has \(list(found))), so it is not known "
        + "which to learn from and which to hold back; generate it with 'mole demos generate' or "
        + "write both masks."
    case .noKeyframes(let mask, let files):
      "No episode marked 'mask/\(mask)' in \(list(files)) has a key frame with an action; "
        + "record some."
    case .tooLarge(let pictures, let gigabytes, let available):
      "\(pictures) pictures take \(rounded(gigabytes)) GB of memory, but \(rounded(available)) GB "
        + "are free; use fewer demonstrations, a smaller picture or a larger machine."
    case .severalPaddings(let camera):
      "The policy's towers pad the pictures of the camera '\(camera)' with different colours, which "
        + "training does not do; set 'image.resize' to 'naive'."
    case .noChunk(let head):
      "A policy with \(head) cannot be trained here; use one with a diffusion head."
    case .badStatistics(let problem):
      "The statistics of the actions cannot be used: \(problem)."
    }
  }

  private func list(_ names: [String]) -> String {
    names.isEmpty ? "none" : names.map { "'\($0)'" }.joined(separator: ", ")
  }

  private func rounded(_ gigabytes: Double) -> Double { (gigabytes * 10).rounded() / 10 }
}
