import Foundation
package import Outcomes

/// A file that a run reads, as it was when the run began.
package struct WatchedFile: Sendable {
  package let path: String
  package let digest: FileDigest
  private let stamp: FileStamp?

  /// Takes the digest of a file.
  ///
  /// - Parameter name: What the digest calls it; its path where not given.
  /// - Throws: `inputMissing`.
  package init(_ path: String, named name: String? = nil) throws {
    self.path = path
    // First: a change while the digest is computed is seen later.
    stamp = FileStamp(path)
    digest = try FileDigest(ofFile: path, named: name)
  }

  /// Whether the file is another now, or gone. It is read again only where the system says that
  /// somebody touched it.
  package var hasChanged: Bool {
    if let stamp, FileStamp(path) == stamp { return false }
    return (try? FileDigest(ofFile: path, named: digest.path)) != digest
  }
}

/// What the system says of a file without reading it; any write changes it.
private struct FileStamp: Equatable {
  private let device, inode, byteCount: Int
  private let seconds, nanoseconds: Int

  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = Int(status.st_dev)
    inode = Int(status.st_ino)
    byteCount = Int(status.st_size)
    // The time of the last change, which programs cannot set.
    seconds = status.st_ctim.tv_sec
    nanoseconds = status.st_ctim.tv_nsec
  }
}
