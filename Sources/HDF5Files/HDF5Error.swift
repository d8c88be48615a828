package import Failures

/// What can go wrong with an HDF5 file.
///
/// `file` is the file's path on disk, `object` a path inside it; `library` is libhdf5's own text.
package enum HDF5Error: ExplainedError, Equatable {
  case missingFile(String)
  case notAFile(String)
  case unreadableFile(String)
  case notHDF5(file: String, library: String)
  case missingObject(String, file: String)
  case missingAttribute(String, object: String, file: String)
  case wrongKind(String, file: String, expected: String, found: String)
  case wrongType(String, file: String, expected: String, found: String)
  case noSuchRows(String, file: String, last: Int, rowCount: Int)
  case tooLarge(String, file: String, byteCount: Int?, limit: Int)
  case lyingSize(String, file: String, promised: Int, stored: Int)
  case refusedLink(String, file: String, what: String)
  case refusedStorage(String, file: String, what: String)
  case unsupportedFilter(String, file: String, filter: String)
  case damaged(String, file: String, library: String)
  case cannotWrite(String, library: String)

  package var kind: FailureKind {
    switch self {
    case .missingFile, .notAFile, .unreadableFile: .missingInput
    case .cannotWrite: .cannotWrite
    default: .badData
    }
  }

  package var description: String {
    switch self {
    case .missingFile(let file):
      "There is no file '\(file)'; check the path."
    case .notAFile(let file):
      "'\(file)' is not a regular file, but an HDF5 file was expected; name the file itself."
    case .unreadableFile(let file):
      "'\(file)' cannot be read; check its permissions."
    case .notHDF5(let file, let library):
      "'\(file)' is not a whole HDF5 file (\(library)); make or download it again."
    case .missingObject(let object, let file):
      "'\(file)' has no '\(object)'; list its contents with 'mole demos inspect'."
    case .missingAttribute(let name, let object, let file):
      "'\(object)' in '\(file)' has no attribute '\(name)'; add it or make the file again."
    default:
      objectDescription
    }
  }

  private var objectDescription: String {
    switch self {
    case .wrongKind(let object, let file, let expected, let found):
      "'\(object)' in '\(file)' is \(found), but \(expected) was expected; make the file again."
    case .wrongType(let object, let file, let expected, let found):
      "'\(object)' in '\(file)' holds \(found), but \(expected) was expected; convert it first."
    case .noSuchRows(let object, let file, let last, let rowCount):
      "'\(object)' in '\(file)' has \(rowCount) rows, but row \(last) was asked for; "
        + "check the file with 'mole demos doctor'."
    case .tooLarge(let object, let file, let byteCount, let limit):
      "'\(object)' in '\(file)' claims \(byteCount.map(String.init) ?? "more than 2^63") bytes, "
        + "but at most \(limit) are read at once; the file is damaged or needs to be split."
    case .lyingSize(let object, let file, let promised, let stored):
      "'\(object)' in '\(file)' should hold \(promised) bytes by its shape, but its storage is "
        + "\(stored) bytes; the file is damaged."
    default:
      refusalDescription
    }
  }

  private var refusalDescription: String {
    switch self {
    case .refusedLink(let object, let file, let what):
      "'\(object)' in '\(file)' is \(what), and links out of a file are not followed; copy the "
        + "data into the file (h5repack, h5copy)."
    case .refusedStorage(let object, let file, let what):
      "'\(object)' in '\(file)' keeps its data in \(what), which is not read; copy the data into "
        + "the file (h5repack)."
    case .unsupportedFilter(let object, let file, let filter):
      "'\(object)' in '\(file)' is packed with the filter \(filter), but only gzip, shuffle and "
        + "fletcher32 are read; repack it with 'h5repack -f GZIP=4'."
    case .damaged(let object, let file, let library):
      "'\(object)' in '\(file)' cannot be read (\(library)); the file is damaged."
    case .cannotWrite(let file, let library):
      "'\(file)' cannot be written (\(library)); check the folder, its permissions and the disk."
    default:
      "An HDF5 file could not be used."
    }
  }
}
