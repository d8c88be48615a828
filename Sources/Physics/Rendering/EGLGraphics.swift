internal import CEGL
internal import Foundation

/// A context of EGL, with a tiny surface that nothing is drawn to.
@safe final class EGLGraphics: GraphicsContext {
  private let display: EGLDisplay
  private let displayIndex: Int
  private let surface: EGLSurface
  private let context: EGLContext
  let turn: NSLock?

  /// - Throws: `PhysicsError.noGraphics`.
  init() throws(PhysicsError) {
    let displays = EGLDisplays.shared
    guard unsafe !displays.displays.isEmpty else {
      throw .noGraphics(attempts: displays.attempts)
    }
    displayIndex = displays.take()
    unsafe display = displays.displays[displayIndex]
    turn = displays.turns[displayIndex]
    guard let made = unsafe EGLGraphics.make(display) else {
      displays.giveBack(displayIndex)
      throw .noGraphics(attempts: ["a context of EGL (\(EGLDisplays.lastError()))"])
    }
    unsafe (surface, context) = unsafe made
  }

  deinit {
    unsafe eglDestroyContext(display, context)
    unsafe eglDestroySurface(display, surface)
    EGLDisplays.shared.giveBack(displayIndex)
  }

  private static func make(_ display: EGLDisplay) -> (EGLSurface, EGLContext)? {
    eglBindAPI(EGLenum(EGL_OPENGL_API))
    let wanted = [
      EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_NONE,
    ]
    var configuration: EGLConfig?
    var count: EGLint = 0
    guard unsafe eglChooseConfig(display, wanted, &configuration, 1, &count) == EGL_TRUE, count > 0,
      let surface = unsafe eglCreatePbufferSurface(
        display, configuration, [EGL_WIDTH, 8, EGL_HEIGHT, 8, EGL_NONE])
    else { return nil }
    guard let context = unsafe eglCreateContext(display, configuration, nil, nil) else {
      unsafe eglDestroySurface(display, surface)
      return nil
    }
    return unsafe (surface, context)
  }

  func makeCurrent() throws(PhysicsError) {
    // EGL remembers the kind of OpenGL for each thread.
    eglBindAPI(EGLenum(EGL_OPENGL_API))
    guard unsafe eglMakeCurrent(display, surface, surface, context) == EGL_TRUE else {
      throw .engine("eglMakeCurrent: \(EGLDisplays.lastError())")
    }
  }

  func release() {
    unsafe eglMakeCurrent(display, nil, nil, nil)
  }
}
