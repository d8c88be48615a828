package import Foundation

/// An open file of the operating system, closed with its owner.
package struct Descriptor: ~Copyable {
  package let path: String
  private let raw: Int32

  /// Opens a file; never passed on to a child process.
  ///
  /// - Throws: `inputMissing` when it was to be read only, else `cannotWrite`.
  package init(opening path: String, _ flags: Int32) throws {
    let raw = open(path, flags | O_CLOEXEC, 0o644)
    guard raw >= 0 else {
      let reason = systemReason()
      throw flags & (O_WRONLY | O_RDWR) == 0
        ? EvaluationError.inputMissing(path: path, reason: reason)
        : EvaluationError.cannotWrite(path: path, reason: reason)
    }
    self.path = path
    self.raw = raw
  }

  deinit {
    // A child process that was just forked may hold a copy of the descriptor a moment longer.
    flock(raw, LOCK_UN)
    close(raw)
  }

  /// The length in bytes, or `nil` when this is no regular file.
  package var regularLength: Int? {
    var status = stat()
    guard fstat(raw, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// Whether `path` still names this file.
  package var isStillNamed: Bool {
    var (here, there) = (stat(), stat())
    return fstat(raw, &here) == 0 && stat(path, &there) == 0 && here.st_ino == there.st_ino
      && here.st_dev == there.st_dev
  }

  /// Takes the file's lock, without waiting.
  ///
  /// - Returns: Whether nobody else holds it.
  package func lock() -> Bool { flock(raw, LOCK_EX | LOCK_NB) == 0 }

  /// Reads the next bytes, fewer than the buffer holds only at the end.
  package func read(into buffer: inout [UInt8]) throws -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = buffer.withUnsafeMutableBytes {
        Foundation.read(raw, $0.baseAddress?.advanced(by: filled), $0.count - filled)
      }
      if count == 0 { break }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw EvaluationError.inputMissing(path: path, reason: systemReason())
      }
      filled += count
    }
    return filled
  }

  /// Reads to the end.
  package func readAll() throws -> Data {
    var all = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try read(into: &buffer)
      all.append(contentsOf: buffer[..<count])
      guard count == buffer.count else { return all }
    }
  }

  /// Writes every byte.
  package func write(_ data: Data) throws {
    var rest = data[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(raw, $0.baseAddress, $0.count) }
      guard count >= 0 else {
        if errno == EINTR { continue }
        throw EvaluationError.cannotWrite(path: path, reason: systemReason())
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Waits until what was written is on the disk.
  package func flush() throws {
    guard fsync(raw) == 0 else {
      throw EvaluationError.cannotWrite(path: path, reason: systemReason())
    }
  }

  package func truncate(to length: Int) throws {
    guard ftruncate(raw, off_t(length)) == 0 else {
      throw EvaluationError.cannotWrite(path: path, reason: systemReason())
    }
  }
}
