internal import CHDF5
internal import Synchronization

/// libhdf5 as one resource of the process.
///
/// The library keeps global state and is not built thread-safe, so every call is made inside
/// `locked`. The lock is not recursive. Two rules keep it from being taken twice by one thread:
/// no code of a caller ever runs inside it, and an `Identifier` closes itself without it, as it
/// never leaves the locked scope that opened it. The only handle that outlives a locked scope is
/// that of `HDF5File`, which is not copyable and so cannot end while one of its methods runs.
enum Library {
  private static let isReady = Mutex(false)

  /// Runs `body` alone in the library.
  ///
  /// Should the library itself fault, on a damage that it does not notice, the process names
  /// `file` and ends with the exit code for bad data.
  static func locked<Result: Sendable, Failure: Error>(
    for file: String, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try isReady.withLock { ready throws(Failure) in
      if !ready {
        prepare()
        ready = true
      }
      enter(file)
      defer { leave() }
      return try body()
    }
  }

  private static func prepare() {
    // Every handle has an owner that closes it. The library's own tidying at the end of the process
    // crashes on what a full disk left half-closed.
    _ = H5dont_atexit()
    mole_h5_refuse_plugins()
  }

  // Not inlined, so that the guard's state in the C header exists once, in this file's object.
  @inline(never)
  private static func enter(_ file: String) {
    unsafe mole_h5_enter(file)
    mole_h5_quieten()
  }

  @inline(never)
  private static func leave() { mole_h5_leave() }

  /// What the library says about the call that just failed; to be asked inside `locked`, before
  /// any other call.
  static var message: String {
    var text = [CChar](repeating: 0, count: 512)
    unsafe text.withUnsafeMutableBufferPointer { buffer in
      unsafe mole_h5_error_text(buffer.baseAddress, buffer.count)
    }
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let message = String(decoding: bytes, as: UTF8.self)
      .split(whereSeparator: \.isNewline).joined(separator: " ")
    return message.isEmpty ? "the HDF5 library gave no reason" : message
  }
}

/// An open object of the library that closes itself at the end of its life.
struct Identifier: ~Copyable {
  let raw: hid_t
  private let close: (hid_t) -> herr_t

  /// Takes over what a library call returned.
  ///
  /// - Throws: `failure`, evaluated right after the call, when the call failed.
  init(
    _ raw: hid_t, closing close: @escaping (hid_t) -> herr_t,
    orThrow failure: @autoclosure () -> HDF5Error
  ) throws(HDF5Error) {
    guard raw >= 0 else { throw failure() }
    self.raw = raw
    self.close = close
  }

  deinit {
    _ = close(raw)
  }
}
