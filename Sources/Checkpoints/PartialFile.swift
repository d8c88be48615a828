import Foundation

/// A file that gets its name when it is complete.
///
/// It is written as `<name>.partial` and renamed by `commit`; if that never comes, it is removed.
@safe final class PartialFile {
  let url: URL
  private let partialPath: String
  private var descriptor: Int32

  /// - Throws: `CheckpointError.cannotWrite`.
  init(_ url: URL) throws {
    self.url = url
    partialPath = url.path + ".partial"
    let flags = O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
    descriptor = unsafe open(partialPath, flags, 0o644)
    guard descriptor >= 0 else { throw Self.failure(url) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unsafe _ = unlink(partialPath)
  }

  /// Writes bytes at an offset; a gap reads as zeros.
  ///
  /// - Throws: `CheckpointError.cannotWrite`.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    precondition(descriptor >= 0, "'\(url.path)' is complete already")
    var done = 0
    while done < bytes.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = unsafe pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure(url) }
      done += count
    }
  }

  /// Gives the file its length, flushes it to disk and closes it, still under its temporary name.
  private func seal(byteCount: Int) throws {
    guard ftruncate(descriptor, off_t(byteCount)) == 0, fsync(descriptor) == 0 else {
      throw Self.failure(url)
    }
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0 else {
      unsafe _ = unlink(partialPath)
      throw Self.failure(url)
    }
  }

  /// Completes the file under its final name.
  ///
  /// - Throws: `CheckpointError.cannotWrite`; the temporary file is gone then.
  func commit(byteCount: Int) throws {
    try seal(byteCount: byteCount)
    guard unsafe rename(partialPath, url.path) == 0 else {
      let failure = Self.failure(url)
      unsafe _ = unlink(partialPath)
      throw failure
    }
  }

  /// Writes a whole small file.
  ///
  /// - Throws: `CheckpointError.cannotWrite`.
  static func write(_ bytes: [UInt8], to url: URL) throws {
    let file = try PartialFile(url)
    try unsafe bytes.withUnsafeBytes { unsafe try file.write($0, at: 0) }
    try file.commit(byteCount: bytes.count)
  }

  private static func failure(_ url: URL) -> CheckpointError {
    unsafe .cannotWrite(url.path, reason: String(cString: strerror(errno)))
  }
}
