import Foundation

/// A context of OSMesa, Mesa's library for drawing to plain memory. It is looked for when it is needed:
/// nothing links to it, and newer Mesa versions come without it.
@safe final class OSMesaGraphics: GraphicsContext {
  private typealias Create =
    @convention(c) (
      UInt32, Int32, Int32, Int32, OpaquePointer?
    ) -> OpaquePointer?
  private typealias MakeCurrent =
    @convention(c) (
      OpaquePointer?, UnsafeMutableRawPointer?, UInt32, Int32, Int32
    ) -> UInt8
  private typealias Destroy = @convention(c) (OpaquePointer?) -> Void

  @safe private struct Functions: Sendable {
    let create: Create
    let makeCurrent: MakeCurrent
    let destroy: Destroy
  }

  /// The names under which OSMesa is installed.
  private static let fileNames = ["libOSMesa.so.8", "libOSMesa.so.6", "libOSMesa.so"]
  /// `GL_RGBA` and `GL_UNSIGNED_BYTE`.
  private static let (rgba, unsignedByte): (UInt32, UInt32) = (0x1908, 0x1401)
  /// The side of the surface that nothing is drawn to.
  private static let side = 8

  private static let functions: Functions? = load()

  /// Its contexts share a driver, as those of a software display do (`EGLDisplays`).
  private static let sharedTurn = NSLock()
  var turn: NSLock? { OSMesaGraphics.sharedTurn }

  private let context: OpaquePointer
  private let surface: UnsafeMutableRawPointer

  /// - Throws: `PhysicsError.noGraphics`.
  init() throws(PhysicsError) {
    guard let functions = OSMesaGraphics.functions else {
      throw .noGraphics(attempts: ["OSMesa (no \(OSMesaGraphics.fileNames[0]))"])
    }
    guard let context = unsafe functions.create(OSMesaGraphics.rgba, 24, 8, 0, nil) else {
      throw .noGraphics(attempts: ["a context of OSMesa (none was given)"])
    }
    unsafe self.context = unsafe context
    unsafe surface = .allocate(
      byteCount: 4 * OSMesaGraphics.side * OSMesaGraphics.side, alignment: 16)
  }

  deinit {
    unsafe OSMesaGraphics.functions?.destroy(context)
    unsafe surface.deallocate()
  }

  func makeCurrent() throws(PhysicsError) {
    let side = Int32(OSMesaGraphics.side)
    let isCurrent = unsafe OSMesaGraphics.functions?.makeCurrent(
      context, surface, OSMesaGraphics.unsignedByte, side, side)
    guard isCurrent == 1 else { throw .engine("OSMesaMakeCurrent refuses the context") }
  }

  func release() {
    _ = OSMesaGraphics.functions?.makeCurrent(nil, nil, 0, 0, 0)
  }

  private static func load() -> Functions? {
    // MuJoCo looks among all loaded libraries, hence `RTLD_GLOBAL`.
    for name in fileNames {
      guard let library = unsafe dlopen(name, RTLD_NOW | RTLD_GLOBAL) else { continue }
      guard let create = unsafe dlsym(library, "OSMesaCreateContextExt"),
        let makeCurrent = unsafe dlsym(library, "OSMesaMakeCurrent"),
        let destroy = unsafe dlsym(library, "OSMesaDestroyContext")
      else { continue }
      return unsafe Functions(
        create: unsafeBitCast(create, to: Create.self),
        makeCurrent: unsafeBitCast(makeCurrent, to: MakeCurrent.self),
        destroy: unsafeBitCast(destroy, to: Destroy.self))
    }
    return nil
  }
}
