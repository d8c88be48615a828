/// An OpenGL context without a window. MuJoCo draws to buffers of its own in it.
///
/// It is current on a thread only while it is used, so it may be used from one thread after another.
protocol GraphicsContext: AnyObject {
  func makeCurrent() throws(PhysicsError)
  func release()
}

extension GraphicsContext {
  /// Runs `body` with the context current.
  func use<Result>(
    _ body: () throws(PhysicsError) -> Result
  ) throws(PhysicsError) -> Result {
    try makeCurrent()
    defer { release() }
    return try body()
  }
}
