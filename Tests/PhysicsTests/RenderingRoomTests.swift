import Manipulation
import Physics
import Testing

/// The shared room, seen by RLBench's cameras.
@Suite struct RenderingRoomTests {
  static let cameras = ["front", "left_shoulder", "right_shoulder", "overhead"]

  let model: SceneModel
  let world: World
  let renderer: SceneRenderer

  init() throws {
    model = try RenderingScene.room()
    world = try World(model)
    renderer = try SceneRenderer(model: model, width: 128, height: 128)
  }

  @Test(arguments: cameras)
  func `the room is lit and the table fills much of the picture`(name: String) throws {
    let camera: Camera = try model.named(name)
    let picture = try renderer.rgb(world, camera)
    let mean = picture.pixels.reduce(0) { $0 + Int($1) } / picture.pixels.count
    #expect(mean > 60 && mean < 200)
    #expect(picture.pixels.allSatisfy { $0 < 255 })
    let seen = try renderer.segmentation(world, camera)
    let table: Body = try model.named("room_table")
    #expect(seen.area(of: table, in: model) > 128 * 128 / 4)
    #expect(!seen.geoms.contains(-1))
  }

  @Test(arguments: cameras)
  func `the table's top is at 0.75 m in every camera's depth`(name: String) throws {
    let camera: Camera = try model.named(name)
    let (depth, calibration) = (
      try renderer.depth(world, camera), renderer.calibration(world, camera)
    )
    for point in [[0.25, 0, 0.75], [0.45, 0.2, 0.75], [0.2, -0.25, 0.75]] as [SIMD3<Double>] {
      let seen = try #require(calibration.project(point))
      let (column, row) = (Int(seen.u), Int(seen.v))
      let found = calibration.unproject(
        u: Double(column) + 0.5, v: Double(row) + 0.5, depth: Double(depth[row * 128 + column]))
      #expect(abs(found.z - 0.75) < 0.001)
    }
  }

  /// The numbers stand in the files of RLBench's own demonstrations.
  @Test func `the cameras are RLBench's`() throws {
    let front = renderer.calibration(world, try model.named("front"))
    #expect(abs(front.focalLength - 175.84) < 0.01)
    #expect(front.intrinsics[0] == [-front.focalLength, 0, 64])
    #expect(abs(front.near - 0.01) < 1e-6 && abs(front.far - 5) < 1e-6)
    let large = try SceneRenderer(model: model, width: 224, height: 224)
    #expect(abs(large.calibration(world, try model.named("front")).focalLength - 307.72) < 0.01)
    let poses: [String: (position: SIMD3<Double>, forward: SIMD3<Double>)] = [
      "front": ([1.35, 0, 1.58], [-0.906, 0, -0.423]),
      "left_shoulder": ([-0.175, 0.2, 1.98], [0.416, -0.073, -0.906]),
      "right_shoulder": ([-0.175, -0.2, 1.98], [0.416, 0.073, -0.906]),
      "overhead": ([-0.175, 0, 2.43], [0.423, 0, -0.906]),
    ]
    for (name, pose) in poses {
      let extrinsics = renderer.calibration(world, try model.named(name)).extrinsics
      for axis in 0..<3 {
        #expect(abs(extrinsics[axis].z - pose.forward[axis]) < 0.001)
        #expect(abs(extrinsics[axis].w - pose.position[axis]) < 1e-9)
      }
      // y is up, and x points left: the picture is upright.
      #expect(extrinsics[2].y > 0.4 && abs(extrinsics[2].x) < 1e-6)
    }
  }

  @Test func `the field of view belongs to the larger side`() throws {
    let front: Camera = try model.named("front")
    let wide = try SceneRenderer(model: model, width: 128, height: 64)
    let tall = try SceneRenderer(model: model, width: 64, height: 128)
    let square = try renderer.segmentation(world, front)
    for (picture, columns, rows) in [
      (try wide.segmentation(world, front), 0, 32), (try tall.segmentation(world, front), 32, 0),
    ] {
      // The same pixels as in the middle of the square picture.
      let same = (0..<picture.geoms.count).count { index in
        let (row, column) = index.quotientAndRemainder(dividingBy: picture.width)
        return picture.geom(column: column, row: row)
          == square.geom(column: column + columns, row: row + rows)
      }
      #expect(Double(same) > 0.99 * Double(picture.geoms.count))
    }
  }
}
