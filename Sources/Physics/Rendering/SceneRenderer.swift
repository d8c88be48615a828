internal import CMuJoCo
package import Manipulation

/// Draws pictures of the worlds of one model, without a display.
///
/// The same state gives the same bytes, in every renderer and thread of one machine. A renderer
/// is used by one thread at a time; threads that draw at once have one each.
package final class SceneRenderer {
  package let model: SceneModel
  private let size: PictureSize
  private let scene: DrawnScene
  private let context: DrawingContext
  /// Colours as OpenGL hands them out, reused from picture to picture.
  private var pixels: [UInt8]

  package var width: Int { size.width }
  package var height: Int { size.height }

  /// Pictures in colour are drawn with twice the width and height and averaged, which gives smooth edges
  /// at half the cost of OpenGL's own way (on Mesa's software driver).
  private static let oversampling = 2

  /// Makes a renderer for pictures of one size.
  ///
  /// - Parameters:
  ///   - width: In pixels, 16 to 1024.
  ///   - height: In pixels, 16 to 1024.
  /// - Throws: `PhysicsError.badPictureSize`; `noGraphics` when the machine has no OpenGL for programs
  ///   without a display.
  package init(model: SceneModel, width: Int, height: Int) throws(PhysicsError) {
    let size = try PictureSize(width: width, height: height)
    let factor = SceneRenderer.oversampling
    context = try DrawingContext(model, width: factor * width, height: factor * height)
    scene = DrawnScene(model)
    pixels = [UInt8](repeating: 0, count: 3 * factor * factor * size.pixelCount)
    self.model = model
    self.size = size
  }

  /// What a camera sees, in colour.
  ///
  /// - Precondition: `world` and `camera` belong to the renderer's model.
  package func rgb(_ world: World, _ camera: Camera) throws(PhysicsError) -> RGBImage {
    try collect(world, camera)
    scene.setFlags(shadows: true, geomNumbers: false)
    let factor = SceneRenderer.oversampling
    unsafe try context.draw(
      scene.pointer, width: factor * width, height: factor * height, rgb: &pixels)
    return RGBImage(
      width: width, height: height, pixels: PixelRows.halved(pixels, width: width))
  }

  /// The distance along the camera's axis of what is seen in each pixel's centre.
  ///
  /// - Returns: Metres, `[height, width]`, rows from the top; the far plane's distance where nothing is.
  package func depth(_ world: World, _ camera: Camera) throws(PhysicsError) -> [Float] {
    try collect(world, camera)
    scene.setFlags(shadows: false, geomNumbers: false)
    var values = [Float](repeating: 0, count: size.pixelCount)
    unsafe try context.draw(scene.pointer, width: width, height: height, depth: &values)
    let planes = clippingPlanes
    let (near, far) = (Float(planes.near), Float(planes.far))
    return PixelRows.flipped(values, width: width) { near * far / ($0 * (far - near) + near) }
  }

  /// Which geom is seen in each pixel's centre.
  package func segmentation(
    _ world: World, _ camera: Camera
  ) throws(PhysicsError) -> SegmentationPicture {
    try collect(world, camera)
    scene.setFlags(shadows: false, geomNumbers: true)
    unsafe try context.draw(scene.pointer, width: width, height: height, rgb: &pixels)
    let numbers = scene.geomNumbers
    let entries = stride(from: 0, to: 3 * size.pixelCount, by: 3).map { start in
      // The colour is the entry's place in the list, from 1.
      Int(pixels[start]) + Int(pixels[start + 1]) << 8 + Int(pixels[start + 2]) << 16 - 1
    }
    let geoms = PixelRows.flipped(entries, width: width) { entry in
      numbers.indices.contains(entry) ? numbers[entry] : -1
    }
    return SegmentationPicture(width: width, height: height, geoms: geoms)
  }

  /// Where a camera is now and how it projects.
  package func calibration(_ world: World, _ camera: Camera) -> CameraCalibration {
    let planes = clippingPlanes
    return CameraCalibration(
      width: width, height: height, fieldOfView: world.fieldOfView(of: camera),
      pose: world.pose(of: camera), near: planes.near, far: planes.far)
  }

  private func collect(_ world: World, _ camera: Camera) throws(PhysicsError) {
    precondition(world.model === model, "a world of '\(world.model.name)' for '\(model.name)'")
    precondition(model.cameras.contains(camera), "no camera \(camera.index) in '\(model.name)'")
    try scene.collect(world, camera, size: size)
  }

  /// Metres.
  private var clippingPlanes: (near: Double, far: Double) {
    let map = unsafe model.pointer.pointee.vis.map
    let extent = unsafe model.pointer.pointee.stat.extent
    return (Double(map.znear) * extent, Double(map.zfar) * extent)
  }
}
