internal import CMuJoCo
internal import CMuJoCoGuard
import Foundation
internal import Manipulation
internal import Synchronization

/// A compiled scene: everything about a world that does not change while it runs.
///
/// It may be shared by any number of worlds and threads.
@safe package final class SceneModel: Sendable {
  package let name: String
  /// The MJCF that it was made of.
  package let mjcf: String
  /// Never written after `init`; freed in `deinit` only.
  nonisolated(unsafe) let pointer: UnsafeMutablePointer<mjModel>

  /// Seconds that a physics step may take.
  private static let timesteps = 0.0001...0.05

  /// The compiler keeps shared settings, so one model is compiled at a time.
  private static let compiling = Mutex(())

  /// Compiles a model.
  ///
  /// - Parameters:
  ///   - mjcf: The model's text.
  ///   - files: Files that the text refers to, by the name used there. MuJoCo looks for others on
  ///     disk, so text from outside is to be searched for references first.
  ///   - name: For messages.
  /// - Throws: `PhysicsError.badModel` with MuJoCo's own words.
  package init(mjcf: String, files: [String: [UInt8]] = [:], name: String) throws(PhysicsError) {
    self.name = name
    self.mjcf = mjcf
    Engine.prepare()
    let model = SceneModel.compiling.withLock { _ in
      Result { () throws(PhysicsError) in
        unsafe ModelPointer(try SceneModel.compile(mjcf, files: files, name: name))
      }
    }
    unsafe pointer = try model.get().pointer
    // Numbers of steps follow from it, so a file may not choose it freely.
    guard SceneModel.timesteps.contains(timestep) else {
      throw .badModel(name: name, problem: "its timestep is not in 0.0001...0.05 s")
    }
    // A world that left the finite numbers must not silently start again from the beginning.
    unsafe pointer.pointee.opt.disableflags |= Int32(mjDSBL_AUTORESET.rawValue)
  }

  deinit {
    unsafe mj_deleteModel(pointer)
  }

  /// Carries the pointer out of the lock; there is one, and it goes to the model that is being made.
  @safe private struct ModelPointer: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<mjModel>

    init(_ pointer: UnsafeMutablePointer<mjModel>) {
      unsafe self.pointer = unsafe pointer
    }
  }

  private static func compile(
    _ mjcf: String, files: [String: [UInt8]], name: String
  ) throws(PhysicsError) -> UnsafeMutablePointer<mjModel> {
    var folder = unsafe mjVFS()
    unsafe mj_defaultVFS(&folder)
    defer { unsafe mj_deleteVFS(&folder) }
    for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
      guard unsafe mj_addBufferVFS(&folder, name, bytes, Int32(bytes.count)) == 0 else {
        throw .badModel(name: name, problem: "the file cannot be added to it")
      }
    }
    var message = [CChar](repeating: 0, count: 1000)
    var specification: UnsafeMutablePointer<mjSpec>?
    let parsed = unsafe mole_mj_parse(
      mjcf, &folder, &message, Int32(message.count), &specification)
    guard parsed != 0, let specification = unsafe specification else {
      throw .badModel(name: name, problem: parsed == 0 ? Engine.takeError() : text(message))
    }
    defer { unsafe mj_deleteSpec(specification) }
    var model: UnsafeMutablePointer<mjModel>?
    let compiled = unsafe mole_mj_compile(specification, &folder, &model)
    guard compiled != 0, let model = unsafe model else {
      let problem =
        unsafe compiled == 0 ? Engine.takeError() : String(cString: mjs_getError(specification))
      throw .badModel(name: name, problem: oneLine(problem))
    }
    return unsafe model
  }

  private static func text(_ message: [CChar]) -> String {
    let bytes = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return oneLine(String(decoding: bytes, as: UTF8.self))
  }

  private static func oneLine(_ message: String) -> String {
    message.split(whereSeparator: \.isNewline).joined(separator: ", ")
  }
}

extension SceneModel {
  /// Seconds of one physics step.
  package var timestep: Double { unsafe pointer.pointee.opt.timestep }

  /// The length of a world's state.
  package var stateSize: Int { Int(unsafe mj_stateSize(pointer, World.stateSignature)) }

  /// Finds a body, joint, … by name.
  package func find<Kind>(_ name: String, _ kind: Kind.Type = Kind.self) -> Element<Kind>? {
    let index = unsafe mj_name2id(pointer, Kind.code, name)
    return index < 0 ? nil : Element(Int(index))
  }

  /// Finds a body, joint, … that must be there.
  package func named<Kind>(
    _ name: String, _ kind: Kind.Type = Kind.self
  ) throws(PhysicsError) -> Element<Kind> {
    guard let found = find(name, kind) else {
      throw .unknownName(name, element: Kind.word, model: self.name)
    }
    return found
  }

  /// The name in the MJCF; `nil` where it has none.
  package func name<Kind>(of element: Element<Kind>) -> String? {
    unsafe mj_id2name(pointer, Kind.code, Int32(element.index)).map { unsafe String(cString: $0) }
  }

  package var bodies: [Body] { (0..<Int(unsafe pointer.pointee.nbody)).map(Body.init) }
  package var geoms: [Geom] { (0..<Int(unsafe pointer.pointee.ngeom)).map(Geom.init) }
  package var joints: [Joint] { (0..<Int(unsafe pointer.pointee.njnt)).map(Joint.init) }
  package var cameras: [Camera] { (0..<Int(unsafe pointer.pointee.ncam)).map(Camera.init) }

  /// The body that a body hangs on; the world's own number is 0.
  package func parent(of body: Body) -> Body {
    Body(Int(unsafe pointer.pointee.body_parentid[body.index]))
  }

  /// The body that a geom belongs to.
  package func body(of geom: Geom) -> Body {
    Body(Int(unsafe pointer.pointee.geom_bodyid[geom.index]))
  }

  /// The body that a joint moves.
  package func body(of joint: Joint) -> Body {
    Body(Int(unsafe pointer.pointee.jnt_bodyid[joint.index]))
  }

  /// Whether `body` is `ancestor` or hangs on it, directly or not.
  package func isBody(_ body: Body, within ancestor: Body) -> Bool {
    var current = body
    while current != ancestor && current.index != 0 { current = parent(of: current) }
    return current == ancestor
  }

  /// The geoms of a body and of all that hangs on it.
  package func geoms(within body: Body) -> [Geom] {
    geoms.filter { isBody(self.body(of: $0), within: body) }
  }

  /// Whether a geom can touch anything; volumes and decoration cannot.
  package func collides(_ geom: Geom) -> Bool {
    unsafe pointer.pointee.geom_contype[geom.index] != 0
      || pointer.pointee.geom_conaffinity[geom.index] != 0
  }

  /// The geom's group: 0 shown and solid, 1 shown only, 3 solid only, 4 a volume.
  package func group(of geom: Geom) -> Int {
    Int(unsafe pointer.pointee.geom_group[geom.index])
  }

  /// The free joint of a body that moves freely.
  package func freeJoint(of body: Body) -> Joint? {
    joints.first {
      unsafe self.body(of: $0) == body
        && pointer.pointee.jnt_type[$0.index] == Int32(mjJNT_FREE.rawValue)
    }
  }

  /// The bodies that move freely, in order.
  package var freeBodies: [Body] { bodies.filter { freeJoint(of: $0) != nil } }

  /// Whether a joint's position is one number: an angle or a displacement.
  package func isHingeOrSlide(_ joint: Joint) -> Bool {
    let type = unsafe pointer.pointee.jnt_type[joint.index]
    return type == Int32(mjJNT_HINGE.rawValue) || type == Int32(mjJNT_SLIDE.rawValue)
  }

  /// Whether a body's pose is set from outside (`mocap` in MJCF).
  package func isMocap(_ body: Body) -> Bool {
    unsafe pointer.pointee.body_mocapid[body.index] >= 0
  }
}
