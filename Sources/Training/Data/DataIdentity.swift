internal import Files
package import Foundation

/// Which demonstrations a training has seen, by their files' contents.
package struct DataIdentity: Codable, Equatable, Sendable {
  package struct File: Codable, Equatable, Sendable {
    /// As it was given.
    package let path: String
    package let bytes: Int
    package let sha256: String

    fileprivate init(_ url: URL) throws {
      do {
        let hash = try FileHash(ofFile: url.path)
        (path, bytes, sha256) = (url.relativePath, hash.byteCount, hash.sha256)
      } catch {
        throw TrainingDataError(error, file: url.path)
      }
    }
  }

  package let files: [File]

  /// Hashes files, in their order.
  ///
  /// - Throws: `TrainingDataError.unreadable`.
  package init(of urls: [URL]) throws {
    files = try urls.map(File.init)
  }

  /// The paths of files whose contents are not those of another's in the same place, whatever they
  /// are called; and those that one has more than the other.
  package func differences(from other: DataIdentity) -> [String] {
    let pairs = zip(files, other.files).filter { $0.sha256 != $1.sha256 }.map(\.0.path)
    let longer = files.count > other.files.count ? files : other.files
    return pairs + longer.dropFirst(min(files.count, other.files.count)).map(\.path)
  }
}

extension TrainingDataError {
  fileprivate init(_ fault: FileFault, file: String) {
    let reason =
      switch fault {
      case .missing: "it does not exist"
      case .unreadable(let reason), .cannotWrite(let reason): reason
      case .tooLarge(let count, let limit): "it has \(count) bytes, more than \(limit)"
      }
    self = .unreadable(file: file, reason: reason)
  }
}
