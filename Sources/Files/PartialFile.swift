package import Foundation

/// A file that gets its name when it is complete.
///
/// It is written as `<name>.partial` and renamed by `commit`; if that never comes, it is removed.
@safe package final class PartialFile {
  package let path: String
  private let partialPath: String
  private var descriptor: Int32

  /// - Throws: `FileFault.cannotWrite`.
  package init(_ path: String) throws(FileFault) {
    self.path = path
    partialPath = path + ".partial"
    let flags = O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
    descriptor = unsafe open(partialPath, flags, 0o644)
    guard descriptor >= 0 else { throw .ofWriting }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unsafe _ = unlink(partialPath)
  }

  /// Writes bytes at an offset; a gap reads as zeros.
  ///
  /// - Throws: `FileFault.cannotWrite`.
  /// - Precondition: `commit` was not called.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileFault) {
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

  /// Completes the file under its final name, flushed to disk.
  ///
  /// - Throws: `FileFault.cannotWrite`; the temporary file is gone then.
  package func commit(byteCount: Int) throws(FileFault) {
    guard ftruncate(descriptor, off_t(byteCount)) == 0, fsync(descriptor) == 0 else {
      throw .ofWriting
    }
    let isClosed = close(descriptor) == 0
    descriptor = -1
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
