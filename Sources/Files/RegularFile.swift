internal import Foundation

/// A regular file that is open for reading, closed with its last reference.
///
/// Pipes and devices are refused without waiting for them: they have no size and no end.
package final class RegularFile {
  package let path: String
  /// The length when it was opened, in bytes.
  package let byteCount: Int
  /// For what only the system can do, such as mapping it into memory.
  package let descriptor: Int32

  /// - Throws: `FileFault.missing` or `.unreadable`.
  package init(_ path: String) throws(FileFault) {
    self.path = path
    // Without O_NONBLOCK a named pipe would hang; a regular file is read the same.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .ofReading }
    var information = stat()
    guard unsafe fstat(descriptor, &information) == 0 else {
      let fault = FileFault.ofReading
      close(descriptor)
      throw fault
    }
    guard information.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .unreadable(reason: "it is no regular file")
    }
    byteCount = Int(information.st_size)
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  /// The next `count` bytes, fewer only at the end of the file.
  ///
  /// - Throws: `FileFault.unreadable`.
  package func read(_ count: Int) throws(FileFault) -> [UInt8] {
    var fault: FileFault?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let rest = unsafe UnsafeMutableBufferPointer(rebasing: buffer[filled..<count])
        let step = unsafe Foundation.read(descriptor, rest.baseAddress, rest.count)
        if step < 0, errno == EINTR { continue }
        if step < 0 { fault = .unreadable(reason: FileFault.systemReason) }
        guard step > 0 else { break }
        filled += step
      }
    }
    if let fault { throw fault }
    return bytes
  }

  /// A whole file of at most `limit` bytes.
  ///
  /// - Throws: `FileFault.missing`, `.unreadable` or `.tooLarge`, before memory is reserved.
  package static func bytes(of path: String, limit: Int) throws(FileFault) -> [UInt8] {
    let file = try RegularFile(path)
    guard file.byteCount <= limit else {
      throw .tooLarge(byteCount: file.byteCount, limit: limit)
    }
    return try file.read(file.byteCount)
  }
}
