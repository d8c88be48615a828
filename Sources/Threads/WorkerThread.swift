internal import Glibc

/// A thread of one's own, which can be waited for to its very end.
///
/// Foundation's threads cannot be: what a library keeps for each thread is given back after the
/// thread's body is done, and where the process ends at that moment, Mesa's OpenGL gives it back
/// twice.
package struct WorkerThread: Sendable {
  private let handle: pthread_t

  /// What a simulator and a graphics driver want, more than a thread's usual half megabyte.
  private static let stackSize = 16 << 20

  /// Starts a thread, which somebody has to `join` once.
  ///
  /// - Throws: `ThreadError.refused`, as when there are too many.
  package init(_ body: @escaping @Sendable () -> Void) throws(ThreadError) {
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setstacksize(&attributes, WorkerThread.stackSize)
    let work = unsafe Unmanaged.passRetained(Work(body: body))
    var handle = pthread_t()
    let code = unsafe pthread_create(
      &handle, &attributes,
      { work in
        guard let work = unsafe work else { return nil }
        unsafe Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body()
        return nil
      }, work.toOpaque())
    guard code == 0 else {
      unsafe work.release()
      throw .refused(reason: unsafe String(cString: strerror(code)))
    }
    self.handle = handle
  }

  /// Waits until nothing is left of the thread; to be called once, and from another thread.
  package func join() {
    pthread_join(handle, nil)
  }
}

/// What a thread is to do, as an object that C can carry.
private final class Work: Sendable {
  let body: @Sendable () -> Void

  init(body: @escaping @Sendable () -> Void) {
    self.body = body
  }
}
