internal import Files
import Foundation

/// A regular file mapped into memory, read-only, until the last reference goes.
///
/// The file must not shrink while it is mapped: the system ends a process that reads a page which
/// is no longer there.
@safe final class MappedFile: Sendable {
  /// Never written; unmapped in `deinit` only.
  private nonisolated(unsafe) let memory: UnsafeMutableRawPointer?
  let byteCount: Int
  let path: String

  /// - Throws: `CheckpointError.missingFile` or `.unreadableFile`.
  init(_ url: URL) throws(CheckpointError) {
    path = url.path
    let file = try CheckpointError.naming(url.path) { () throws(FileFault) in
      try RegularFile(url.path)
    }
    byteCount = file.byteCount
    guard byteCount > 0 else {
      unsafe memory = nil
      return
    }
    let mapped = unsafe mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, file.descriptor, 0)
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
      throw .unreadableFile(url.path, reason: unsafe String(cString: strerror(errno)))
    }
    unsafe memory = mapped
  }

  deinit {
    if let memory = unsafe memory { unsafe _ = munmap(memory, byteCount) }
  }

  /// Runs `body` with some of the bytes, without copying them.
  ///
  /// - Precondition: `range` lies within the file.
  func withBytes<Result, Failure: Error>(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= byteCount,
      "bytes \(range) of \(byteCount) in '\(path)'")
    let all = unsafe UnsafeRawBufferPointer(start: memory, count: byteCount)
    defer { extendLifetime(self) }
    return try unsafe body(UnsafeRawBufferPointer(rebasing: all[range]))
  }

  /// A copy of some of the bytes.
  ///
  /// - Precondition: `range` lies within the file.
  func bytes(_ range: Range<Int>) -> [UInt8] {
    unsafe withBytes(range) { unsafe [UInt8]($0) }
  }

  /// Takes the whole pages within `range` out of the process's memory; reading them brings them
  /// back from the file.
  ///
  /// - Precondition: `range` lies within the file.
  func releasePages(_ range: Range<Int>) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= byteCount,
      "bytes \(range) of \(byteCount) in '\(path)'")
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let first = (range.lowerBound + page - 1) / page * page
    let end = range.upperBound / page * page
    guard let memory = unsafe memory, first < end else { return }
    // Advice only: where it is not taken the pages stay, and nothing else changes.
    unsafe _ = madvise(memory + first, end - first, MADV_DONTNEED)
  }
}
