internal import CMuJoCo
internal import CMuJoCoGuard

/// MuJoCo's list of what is to be drawn, made anew for each picture.
@safe final class DrawnScene {
  let pointer: UnsafeMutablePointer<mjvScene>

  init(_ model: SceneModel) {
    unsafe pointer = .allocate(capacity: 1)
    unsafe mjv_defaultScene(pointer)
    // Every geom, and the lights' and cameras' own marks, which are never shown.
    unsafe mjv_makeScene(model.pointer, pointer, Int32(model.geoms.count + 100))
  }

  deinit {
    unsafe mjv_freeScene(pointer)
    unsafe pointer.deallocate()
  }

  /// Collects what `camera` may see: geoms that are meant to be shown, and nothing else.
  func collect(_ world: World, _ camera: Camera, size: PictureSize) throws(PhysicsError) {
    var option = mjvOption()
    unsafe mjv_defaultOption(&option)
    option.geomgroup = (1, 1, 1, 0, 0, 0)
    option.sitegroup = (0, 0, 0, 0, 0, 0)
    var view = mjvCamera()
    unsafe mjv_defaultCamera(&view)
    view.type = Int32(mjCAMERA_FIXED.rawValue)
    view.fixedcamid = Int32(camera.index)
    try Engine.check(
      unsafe mole_mj_update_scene(world.scene, world.data, &option, &view, pointer))
    // MuJoCo's angle of view is the vertical one; ours belongs to the larger side.
    guard size.width > size.height else { return }
    let shrinking = Float(size.height) / Float(size.width)
    unsafe pointer.pointee.camera.0.frustum_bottom *= shrinking
    unsafe pointer.pointee.camera.0.frustum_top *= shrinking
    unsafe pointer.pointee.camera.1.frustum_bottom *= shrinking
    unsafe pointer.pointee.camera.1.frustum_top *= shrinking
  }

  /// Chooses between a picture for people and one of numbers.
  func setFlags(shadows: Bool, geomNumbers: Bool) {
    set(mjRND_SHADOW, shadows)
    set(mjRND_REFLECTION, shadows)
    set(mjRND_SKYBOX, !geomNumbers)
    set(mjRND_FOG, false)
    set(mjRND_HAZE, false)
    set(mjRND_SEGMENT, geomNumbers)
    set(mjRND_IDCOLOR, geomNumbers)
  }

  private func set(_ flag: mjtRndFlag, _ isOn: Bool) {
    unsafe withUnsafeMutableBytes(of: &pointer.pointee.flags) { flags in
      unsafe flags[Int(flag.rawValue)] = isOn ? 1 : 0
    }
  }

  /// The geom's number of each entry of the list; -1 for what is no geom.
  var geomNumbers: [Int32] {
    let count = unsafe Int(pointer.pointee.ngeom)
    return (0..<count).map { index in
      let entry = unsafe pointer.pointee.geoms[index]
      return entry.objtype == Int32(mjOBJ_GEOM.rawValue) ? entry.objid : -1
    }
  }
}
