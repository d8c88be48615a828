package import Failures
internal import Files
package import Pickles

/// What can be wrong with data that is imported.
package enum ImportError: ExplainedError, Equatable {
  /// There is nothing at the path.
  case missing(String, expected: String)
  case unreadable(String, reason: String)
  case fileTooLarge(String, byteCount: Int, limit: Int)
  case badPickle(String, PickleFault)
  case badEpisode(String, EpisodeFault)
  case badMetadata(String, reason: String)
  case badRecord(String, number: Int, RecordFault)
  /// The data set's name does not tell what its actions mean.
  case unknownActions(dataset: String)
  case badName(String, of: String)
  case outputExists(String)
  case tooManyTasks(String, limit: Int)

  package var kind: FailureKind {
    switch self {
    case .missing, .unreadable: .missingInput
    case .fileTooLarge, .badPickle, .badEpisode, .badMetadata, .badRecord: .badData
    case .unknownActions, .badName, .tooManyTasks: .usage
    case .outputExists: .cannotWrite
    }
  }

  package var description: String {
    switch self {
    case .missing(let path, let expected):
      "There is no '\(path)'; expected was \(expected)."
    case .unreadable(let path, let reason):
      "'\(path)' cannot be read (\(reason)); check its permissions."
    case .fileTooLarge(let path, let byteCount, let limit):
      "'\(path)' has \(byteCount) bytes, but at most \(limit) are read; it is not what it seems."
    case .badPickle(let path, let fault):
      "The pickle '\(path)' \(fault.explanation); record or download it again."
    case .badEpisode(let path, let fault):
      "The episode '\(path)' \(fault.explanation)."
    case .badMetadata(let path, let reason):
      "'\(path)' is no description of a TFDS data set (\(reason)); download it again."
    case .badRecord(let path, let number, let fault):
      "Record \(number) (from 0) of '\(path)' \(fault.explanation)."
    case .unknownActions(let dataset):
      "The data set '\(dataset)' does not say what its actions mean; say it with '--actions "
        + "world-delta+absolute-euler' or '--actions world-delta+delta-euler'."
    case .badName(let name, let what):
      "'\(name)' is no name of \(what); letters, digits, '_', '-' and '.' are allowed."
    case .tooManyTasks(let dataset, let limit):
      "The data set '\(dataset)' has more than \(limit) instructions, too many for a file each; "
        + "leave '--task-per-instruction' out."
    case .outputExists(let path):
      "'\(path)' is there already; give another name or '--force' to replace it."
    }
  }
}

/// What can be wrong with an RLBench episode.
package enum EpisodeFault: Error, Equatable {
  case notADemo
  case noFrames
  case noInstruction
  case missingField(String, frame: Int)
  case wrongWidth(String, frame: Int, found: Int, expected: Int)
  case notFinite(String, frame: Int)
  case notARotation(frame: Int)
  case pictureCount(folder: String, found: Int, expected: Int)
  case missingPicture(String)
  case noDepthRange(camera: String, frame: Int)
  case tooFewKeyframes

  var explanation: String {
    switch self {
    case .notADemo: "holds a pickle that is no RLBench demo; expected was rlbench.demo.Demo"
    case .noFrames: "has no frames; record it again"
    case .noInstruction:
      "has no instruction; expected was a list of texts in 'variation_descriptions.pkl'"
    case .missingField(let name, let frame):
      "lacks '\(name)' at frame \(frame); record it with that observation enabled"
    case .wrongWidth(let name, let frame, let found, let expected):
      "has \(found) numbers in '\(name)' at frame \(frame), but \(expected) were expected"
    case .notFinite(let name, let frame):
      "has a number in '\(name)' at frame \(frame) that is not finite; record it again"
    case .notARotation(let frame):
      "has a quaternion of length 0 at frame \(frame); record it again"
    case .pictureCount(let folder, let found, let expected):
      "has \(found) pictures in '\(folder)', but its pickle has \(expected) frames; copy or record "
        + "it again"
    case .missingPicture(let name): "lacks the picture '\(name)'; copy or record it again"
    case .noDepthRange(let camera, let frame):
      "lacks the near and far planes of the camera '\(camera)' at frame \(frame); import it "
        + "without '--depth'"
    case .tooFewKeyframes: "has no key frame after its first frame; record it again"
    }
  }
}

/// What can be wrong with a record of a TFRecord file.
package enum RecordFault: Error, Equatable {
  case truncated
  case tooLong(UInt64, limit: Int)
  case wrongLengthChecksum
  case wrongDataChecksum
  case notAnExample
  case missingFeature(String, present: [String])
  case wrongKind(String, expected: String)
  case wrongCount(String, found: Int, expected: Int)
  case notFinite(String, step: Int)
  case noSteps
  case missingRecords(found: Int, expected: Int)

  var explanation: String {
    switch self {
    case .truncated: "ends too early; download the file again"
    case .tooLong(let count, let limit):
      "states a length of \(count) bytes, but at most \(limit) are there; download the file again"
    case .wrongLengthChecksum: "has a wrong checksum of its length; download the file again"
    case .wrongDataChecksum: "has a wrong checksum of its data; download the file again"
    case .notAnExample: "is no tf.train.Example; the set must be in TFDS' own format"
    case .missingFeature(let key, let present):
      "has no feature '\(key)'; it has \(present.sorted().joined(separator: ", "))"
    case .wrongKind(let key, let expected):
      "has a feature '\(key)' of another kind; expected were \(expected)"
    case .wrongCount(let key, let found, let expected):
      "has \(found) values in '\(key)', but \(expected) were expected"
    case .notFinite(let key, let step):
      "has a number in '\(key)' at step \(step) that is not finite; download the file again"
    case .noSteps: "has no steps"
    case .missingRecords(let found, let expected):
      "is missing: the file has \(found) records, but 'dataset_info.json' says \(expected)"
    }
  }
}

extension ImportError {
  /// What is wrong with the file at `path`, which should be what `expected` says.
  init(_ fault: FileFault, path: String, expected: String) {
    self =
      switch fault {
      case .missing: .missing(path, expected: expected)
      case .tooLarge(let byteCount, let limit):
        .fileTooLarge(path, byteCount: byteCount, limit: limit)
      case .unreadable(let reason), .cannotWrite(let reason): .unreadable(path, reason: reason)
      }
  }
}
