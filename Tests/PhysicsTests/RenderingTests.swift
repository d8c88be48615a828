import Failures
import Manipulation
import Physics
import Testing

@Suite struct RenderingTests {
  let model: SceneModel
  let world: World
  let above: Camera
  let side: Camera

  init() throws {
    model = try RenderingScene.model()
    world = try World(model)
    above = try model.named("above")
    side = try model.named("side")
  }

  @Test func `a picture shows the colours of things where they are`() throws {
    let renderer = try SceneRenderer(model: model, width: 128, height: 128)
    let picture = try renderer.rgb(world, above)
    let calibration = renderer.calibration(world, above)
    let cube = try #require(calibration.project([0.15, 0.0, 0.2]))
    let (red, green, blue) = pixel(picture, Int(cube.u), Int(cube.v))
    #expect(red > 2 * green && red > 2 * blue)
    // x to the right, y up: a picture is neither mirrored nor upside down.
    #expect(cube.u > 64)
    let ball = try #require(calibration.project([0.1, 0.05, 0.25]))
    #expect(ball.v < 64)
    let top = pixel(picture, Int(ball.u), Int(ball.v))
    #expect(top.blue > top.red)
    let floor = pixel(picture, 5, 120)
    #expect(abs(floor.red - floor.green) < 3 && floor.red > 20)
  }

  @Test
  func `the same state gives the same bytes in another context, thread and order`() async throws {
    let state = world.state
    let here = try SceneRenderer(model: model, width: 128, height: 96)
    let expected = try here.rgb(world, side)
    _ = try here.segmentation(world, above)
    _ = try here.depth(world, above)
    #expect(try here.rgb(world, side) == expected)
    let model = model
    let pictures = try await withThrowingTaskGroup(of: [RGBImage].self) { group in
      for _ in 0..<4 {
        group.addTask {
          let world = try World(model)
          try world.restore(state)
          let renderer = try SceneRenderer(model: model, width: 128, height: 96)
          return try (0..<5).map { _ in try renderer.rgb(world, model.named("side")) }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(pictures.count == 20)
    #expect(pictures.allSatisfy { $0 == expected })
  }

  @Test(arguments: [(16, 16), (128, 128), (224, 224), (1024, 32), (33, 77)])
  func `depth is the distance along the camera's axis`(width: Int, height: Int) throws {
    let renderer = try SceneRenderer(model: model, width: width, height: height)
    let depth = try renderer.depth(world, above)
    #expect(depth.count == width * height)
    // The floor lies 1 m below, wherever in the picture it is seen.
    for index in [0, width - 1, width * (height - 1), width * height - 1] {
      #expect(abs(depth[index] - 1) < 0.001)
    }
    let calibration = renderer.calibration(world, above)
    let corner = try #require(calibration.project([0.16, 0.0, 0.2]))
    #expect(abs(corner.depth - 0.8) < 1e-9)
    #expect(abs(depth[Int(corner.v) * width + Int(corner.u)] - 0.8) < 0.001)
  }

  @Test func `depth and calibration give back the points of a surface`() throws {
    let renderer = try SceneRenderer(model: model, width: 224, height: 224)
    let depth = try renderer.depth(world, side)
    let seen = try renderer.segmentation(world, side)
    let calibration = renderer.calibration(world, side)
    let block: Geom = try model.named("block")
    var count = 0
    for (index, geom) in seen.geoms.enumerated() where Int(geom) == block.index {
      let (row, column) = index.quotientAndRemainder(dividingBy: 224)
      let point = calibration.unproject(
        u: Double(column) + 0.5, v: Double(row) + 0.5, depth: Double(depth[index]))
      // The face towards the camera, or the top.
      #expect(abs(point.x - 0.2) < 0.001 || abs(point.z - 0.2) < 0.001)
      count += 1
    }
    #expect(count > 1000)
  }

  @Test func `where nothing is, depth is the far plane's and segmentation is empty`() throws {
    let renderer = try SceneRenderer(model: model, width: 64, height: 64)
    let sky: Camera = try model.named("sky")
    let up = try renderer.depth(world, sky)
    #expect(up.allSatisfy { abs($0 - 5) < 0.001 })
    #expect(try renderer.segmentation(world, sky).areas.isEmpty)
    #expect(try renderer.segmentation(world, sky).geom(column: 3, row: 4) == nil)
  }

  @Test func `segmentation names what is there and leaves out what is hidden`() throws {
    let renderer = try SceneRenderer(model: model, width: 224, height: 224)
    let seen = try renderer.segmentation(world, above)
    let names = seen.areas.keys.compactMap { model.name(of: $0) }
    #expect(names.sorted() == ["ball", "block", "floor"])
    let calibration = renderer.calibration(world, above)
    let ball = try #require(calibration.project([0.1, 0.05, 0.22]))
    let geom = try #require(seen.geom(column: Int(ball.u), row: Int(ball.v)))
    #expect(model.name(of: geom) == "ball")
    let cube: Body = try model.named("cube")
    let knob: Body = try model.named("knob")
    #expect(seen.area(of: cube, in: model) > seen.area(of: knob, in: model))
    #expect(seen.area(of: knob, in: model) > 100)
    // The top of the cube is 0.8 m away.
    let side = 0.2 * calibration.focalLength / 0.8
    #expect(abs(Double(seen.area(of: cube, in: model)) - side * side) < 0.15 * side * side)
    #expect(
      seen.bodies(in: model).filter { $0 == Int32(knob.index) }.count
        == seen.area(of: knob, in: model))
  }

  @Test func `what moves is drawn where it went`() throws {
    let renderer = try SceneRenderer(model: model, width: 128, height: 128)
    let before = try renderer.rgb(world, above)
    let cube: Body = try model.named("cube")
    world.setPose(of: cube, to: Pose(position: [-0.2, 0.1, 0.1], rotation: .identity))
    try world.forward()
    #expect(try renderer.rgb(world, above) != before)
    let seen = try renderer.segmentation(world, above)
    let point = try #require(renderer.calibration(world, above).project([-0.25, 0.1, 0.2]))
    let there = seen.geom(column: Int(point.u), row: Int(point.v))
    #expect(there.flatMap { model.name(of: $0) } == "block")
  }

  @Test func `sizes and cameras that cannot be are refused`() {
    for (width, height) in [(15, 64), (64, 0), (-1, 64), (2000, 64), (64, .max)] {
      #expect(throws: PhysicsError.badPictureSize(width: width, height: height)) {
        try SceneRenderer(model: model, width: width, height: height)
      }
    }
    #expect(throws: PhysicsError.unknownName("behind", element: "camera", model: "pictures")) {
      try model.named("behind", CameraKind.self)
    }
    #expect(PhysicsError.badPictureSize(width: 1, height: 2).kind == .usage)
  }

  private func pixel(
    _ picture: RGBImage, _ column: Int, _ row: Int
  ) -> (red: Int, green: Int, blue: Int) {
    let start = 3 * (row * picture.width + column)
    let bytes = picture.pixels[start..<start + 3].map { Int($0) }
    return (bytes[0], bytes[1], bytes[2])
  }
}
