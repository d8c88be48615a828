package import Foundation
internal import Synchronization

/// A file that gets its name when it is complete.
///
/// It is written as `<name>.partial` and renamed by `commit`; if that never comes, it is removed.
/// Several threads may write different parts of it at once.
@safe package final class PartialFile: Sendable {
  package let path: String
  private let partialPath: String
  /// Negative when it is closed.
  private let descriptor: Atomic<Int32>

  /// - Throws: `FileFault.cannotWrite`.
  package init(_ path: String) throws(FileFault) {
    self.path = path
    partialPath = path + ".partial"
    let flags = O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
    let opened = unsafe open(partialPath, flags, 0o644)
    descriptor = Atomic(opened)
    guard opened >= 0 else { throw .ofWriting }
  }

  deinit {
    let left = descriptor.exchange(-1, ordering: .relaxed)
    guard left >= 0 else { return }
    close(left)
    unsafe _ = unlink(partialPath)
  }

  /// Writes bytes at an offset; a gap reads as zeros.
  ///
  /// - Throws: `FileFault.cannotWrite`.
  /// - Precondition: `commit` was not called.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileFault) {
    let descriptor = descriptor.load(ordering: .relaxed)
    precondition(descriptor >= 0, "'\(path)' is complete already")
    var done = 0
    while done < bytes.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = unsafe pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .ofWriting }
      done += count
    }
  }

  /// Completes the file under its final name, flushed to disk; every `write` has returned by then.
  ///
  /// - Throws: `FileFault.cannotWrite`; the temporary file is gone then.
  package func commit(byteCount: Int) throws(FileFault) {
    let open = descriptor.load(ordering: .relaxed)
    guard ftruncate(open, off_t(byteCount)) == 0, fsync(open) == 0 else {
      throw .ofWriting
    }
    let isClosed = close(open) == 0
    descriptor.store(-1, ordering: .relaxed)
    guard unsafe isClosed && rename(partialPath, path) == 0 else {
      let fault = FileFault.ofWriting
      unsafe _ = unlink(partialPath)
      throw fault
    }
  }

  /// Writes a whole file; one of the same name is replaced.
  ///
  /// - Throws: `FileFault.cannotWrite`; nothing is left behind.
  package static func write(_ content: some ContiguousBytes, to path: String) throws(FileFault) {
    let file = try PartialFile(path)
    let result = unsafe content.withUnsafeBytes { bytes in
      Result { () throws(FileFault) in
        unsafe try file.write(bytes, at: 0)
        try file.commit(byteCount: bytes.count)
      }
    }
    try result.get()
  }
}
