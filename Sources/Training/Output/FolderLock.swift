internal import Foundation

/// Holds a folder for one process at a time.
final class FolderLock: Sendable {
  private let descriptor: Int32

  /// - Throws: `TrainingError.inUse`, `TrainingError.cannotWrite`.
  init(_ folder: URL) throws {
    let path = folder.appending(path: ".lock").path
    let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard opened >= 0 else {
      throw TrainingError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
    descriptor = opened
    guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
      throw TrainingError.inUse(path: folder.relativePath)
    }
  }

  deinit { close(descriptor) }
}
