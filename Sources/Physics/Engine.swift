internal import CMuJoCo
internal import CMuJoCoGuard

/// MuJoCo's process-wide handlers: its errors and warnings become ours.
enum Engine {
  private static let handlers: Void = mole_mj_install_handlers()

  /// Must come before any other call.
  static func prepare() { _ = handlers }

  /// The last error of this thread, which is then forgotten.
  static func takeError() -> String {
    defer { mole_mj_clear() }
    return unsafe String(cString: mole_mj_error())
  }

  /// Turns a failed guarded call into an error.
  static func check(_ succeeded: Int32) throws(PhysicsError) {
    guard succeeded != 0 else { throw .engine(takeError()) }
  }
}
