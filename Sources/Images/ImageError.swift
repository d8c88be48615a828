package import Failures
internal import Files

/// What can be wrong with a picture.
package enum ImageError: ExplainedError, Equatable {
  /// There is no such file.
  case missingFile(String)
  /// The file is there and cannot be read.
  case unreadable(String, reason: String)
  /// The file has more bytes than any picture we read.
  case fileTooLarge(String, byteCount: Int, limit: Int)
  /// The first bytes are not those of the format.
  case wrongFormat(String, expected: String)
  /// The header asks for a picture beyond our limits.
  case tooManyPixels(String, width: Int, height: Int)
  /// The header asks for more pixels than the file's bytes can hold.
  case impossibleSize(String, width: Int, height: Int, byteCount: Int)
  /// The decoder gave up.
  case corrupt(String, format: String, reason: String)
  /// A picture cannot be encoded.
  case cannotEncode(width: Int, height: Int, reason: String)
  /// The file cannot be written.
  case cannotWrite(String, reason: String)

  package var kind: FailureKind {
    switch self {
    case .missingFile, .unreadable: .missingInput
    case .fileTooLarge, .wrongFormat, .tooManyPixels, .impossibleSize, .corrupt: .badData
    case .cannotEncode: .internalFault
    case .cannotWrite: .cannotWrite
    }
  }

  package var description: String {
    switch self {
    case .missingFile(let path):
      "There is no picture '\(path)'; check the path."
    case .unreadable(let path, let reason):
      "The picture '\(path)' cannot be read (\(reason)); check its permissions."
    case .fileTooLarge(let name, let byteCount, let limit):
      "'\(name)' has \(byteCount) bytes, but a picture may have at most \(limit)."
    case .wrongFormat(let name, let expected):
      "'\(name)' is not a \(expected) picture; its first bytes say otherwise."
    case .tooManyPixels(let name, let width, let height):
      "'\(name)' says it has \(width)x\(height) pixels, but at most \(ImageLimits.side) a side and "
        + "\(ImageLimits.pixelCount) in all are read."
    case .impossibleSize(let name, let width, let height, let byteCount):
      "'\(name)' says it has \(width)x\(height) pixels, more than its \(byteCount) bytes can hold; "
        + "the file is truncated or its header is wrong."
    case .corrupt(let name, let format, let reason):
      "'\(name)' is a damaged \(format) picture (\(reason)); fetch or record it again."
    case .cannotEncode(let width, let height, let reason):
      "A \(width)x\(height) picture cannot be encoded (\(reason))."
    case .cannotWrite(let path, let reason):
      "The picture '\(path)' cannot be written (\(reason)); check the folder and the free space."
    }
  }
}

extension ImageError {
  /// What is wrong with the file at `path`.
  init(_ fault: FileFault, path: String) {
    self =
      switch fault {
      case .missing: .missingFile(path)
      case .unreadable(let reason): .unreadable(path, reason: reason)
      case .tooLarge(let byteCount, let limit):
        .fileTooLarge(path, byteCount: byteCount, limit: limit)
      case .cannotWrite(let reason): .cannotWrite(path, reason: reason)
      }
  }
}
