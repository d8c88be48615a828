import Foundation

/// The libraries that give OpenGL contexts without a display.
///
/// MuJoCo looks up OpenGL's functions once a process, in the library that `MUJOCO_GL` names, so the
/// choice is made once.
enum GraphicsLibrary: String, CaseIterable {
  case egl
  case osmesa

  /// The environment variable that forces one.
  static let variable = "MOLE_GL"

  /// Makes a context with the process's library.
  ///
  /// - Throws: `PhysicsError.noGraphics` or `badGraphicsChoice`.
  static func makeContext() throws(PhysicsError) -> any GraphicsContext {
    try chosen.get().makeContext()
  }

  private static let chosen: Result<GraphicsLibrary, PhysicsError> = Result {
    () throws(PhysicsError) in try choose()
  }

  private static func choose() throws(PhysicsError) -> GraphicsLibrary {
    // Mesa's software driver would start a thread a core for every context. Episodes run in parallel
    // here, and drawing in the asking thread is the faster way to draw many pictures.
    unsafe setenv("LP_NUM_THREADS", "0", 0)
    var attempts: [String] = []
    for library in try candidates() {
      do throws(PhysicsError) {
        _ = try library.makeContext()
        unsafe setenv("MUJOCO_GL", library.rawValue, 1)
        return library
      } catch .noGraphics(let failed) {
        attempts += failed
      }
    }
    throw .noGraphics(attempts: attempts)
  }

  private static func candidates() throws(PhysicsError) -> [GraphicsLibrary] {
    guard let asked = ProcessInfo.processInfo.environment[variable], !asked.isEmpty else {
      return allCases
    }
    guard let library = GraphicsLibrary(rawValue: asked) else {
      throw .badGraphicsChoice(asked)
    }
    return [library]
  }

  private func makeContext() throws(PhysicsError) -> any GraphicsContext {
    switch self {
    case .egl: try EGLGraphics()
    case .osmesa: try OSMesaGraphics()
    }
  }
}
