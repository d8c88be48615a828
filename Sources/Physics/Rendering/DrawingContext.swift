internal import CMuJoCo
internal import CMuJoCoGuard
internal import Synchronization

/// MuJoCo's textures, meshes and off-screen buffers of one model, in an OpenGL context of their own.
@safe final class DrawingContext {
  private let graphics: any GraphicsContext
  private let context: UnsafeMutablePointer<mjrContext>

  /// MuJoCo finds OpenGL's functions when the first context is made.
  private static let making = Mutex(())

  /// - Parameters:
  ///   - width: Of the off-screen buffer, in pixels.
  /// - Throws: `PhysicsError.noGraphics`, `badGraphicsChoice`, `engine`.
  init(_ model: SceneModel, width: Int, height: Int) throws(PhysicsError) {
    Engine.prepare()
    let graphics = try GraphicsLibrary.makeContext()
    let context = UnsafeMutablePointer<mjrContext>.allocate(capacity: 1)
    do throws(PhysicsError) {
      try graphics.use { () throws(PhysicsError) in
        unsafe try DrawingContext.fill(context, model, width: width, height: height)
      }
    } catch {
      // What was made so far goes with the OpenGL context.
      unsafe context.deallocate()
      throw error
    }
    self.graphics = graphics
    unsafe self.context = unsafe context
  }

  deinit {
    try? graphics.use { unsafe mjr_freeContext(context) }
    unsafe context.deallocate()
  }

  private static func fill(
    _ context: UnsafeMutablePointer<mjrContext>, _ model: SceneModel, width: Int, height: Int
  ) throws(PhysicsError) {
    unsafe mjr_defaultContext(context)
    let made = DrawingContext.making.withLock { _ in
      unsafe mole_mj_make_context(model.pointer, context, Int32(mjFONTSCALE_50.rawValue))
    }
    try Engine.check(made)
    unsafe mjr_resizeOffscreen(Int32(width), Int32(height), context)
    unsafe mjr_setBuffer(Int32(mjFB_OFFSCREEN.rawValue), context)
    guard unsafe context.pointee.currentBuffer == Int32(mjFB_OFFSCREEN.rawValue) else {
      throw .engine("OpenGL has no off-screen buffer of \(width)x\(height) pixels")
    }
    // Depth is stored reversed; reading it so loses nothing.
    unsafe context.pointee.readDepthMap = Int32(mjDEPTH_ZEROFAR.rawValue)
  }

  /// Draws a scene and reads what was drawn, rows from the bottom.
  ///
  /// - Parameters:
  ///   - rgb: Takes `3 * width * height` bytes.
  ///   - depth: Takes `width * height` values, 1 at the near plane and 0 at the far plane.
  func draw(
    _ scene: UnsafeMutablePointer<mjvScene>, width: Int, height: Int,
    rgb: UnsafeMutablePointer<UInt8>? = nil, depth: UnsafeMutablePointer<Float>? = nil
  ) throws(PhysicsError) {
    let viewport = mjrRect(left: 0, bottom: 0, width: Int32(width), height: Int32(height))
    try graphics.use { () throws(PhysicsError) in
      try Engine.check(unsafe mole_mj_render(viewport, scene, context))
      try Engine.check(unsafe mole_mj_read_pixels(rgb, depth, viewport, context))
    }
  }
}
