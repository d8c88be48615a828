internal import Foundation

/// Why a file cannot be read or written; each room says it in its own words.
package enum FileFault: Error, Equatable, Sendable {
  /// There is nothing of that name.
  case missing
  /// It is there, but is no regular file or may not be read.
  case unreadable(reason: String)
  /// It has more bytes than the reader takes.
  case tooLarge(byteCount: Int, limit: Int)
  case cannotWrite(reason: String)

  /// The system's words for the call that just failed.
  static var systemReason: String { unsafe String(cString: strerror(errno)) }

  /// What a failed call to open or read means.
  static var ofReading: FileFault {
    errno == ENOENT || errno == ENOTDIR ? .missing : .unreadable(reason: systemReason)
  }

  /// What a failed call to make, write or rename means.
  static var ofWriting: FileFault { .cannotWrite(reason: systemReason) }
}
