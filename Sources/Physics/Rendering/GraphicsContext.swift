internal import Foundation

/// An OpenGL context without a window. MuJoCo draws to buffers of its own in it.
///
/// It is current on a thread only while it is used, so it may be used from one thread after another.
protocol GraphicsContext: AnyObject {
  /// Held while the context is current, where several must not be at once.
  var turn: NSLock? { get }
  func makeCurrent() throws(PhysicsError)
  func release()
}

extension GraphicsContext {
  /// Runs `body` with the context current.
  func use<Result>(
    _ body: () throws(PhysicsError) -> Result
  ) throws(PhysicsError) -> Result {
    turn?.lock()
    defer { turn?.unlock() }
    try makeCurrent()
    defer { release() }
    return try body()
  }
}
