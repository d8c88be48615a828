import Foundation
import Synchronization

/// Ctrl-C as a wish that a loop grants when it can; pressed again, it ends the program at once.
enum Interruption {
  private static let request = Atomic<Bool>(false)

  static var isRequested: Bool { request.load(ordering: .relaxed) }

  /// Starts to watch for SIGINT and SIGTERM.
  static func watch() {
    // Made before a signal comes: a handler may store into it, but not make it.
    request.store(false, ordering: .relaxed)
    var watched = sigset_t()
    sigemptyset(&watched)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&watched, number)
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in
        Interruption.request.store(true, ordering: .relaxed)
      }
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
      sigaction(number, &action, nil)
    }
    // Who starts the program from a thread that holds signals back passes that on to it.
    pthread_sigmask(SIG_UNBLOCK, &watched, nil)
  }
}
