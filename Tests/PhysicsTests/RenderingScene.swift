import Foundation
import Physics

/// A scene whose pictures can be worked out by hand: a red cube of 0.2 m on a floor at z = 0, seen by a
/// camera 1 m above it and by one that looks along the floor.
enum RenderingScene {
  static let text = """
    <mujoco model="pictures">
      <compiler angle="radian" autolimits="true"/>
      <statistic center="0 0 0" extent="1"/>
      <visual><map znear="0.01" zfar="5"/><quality shadowsize="256" offsamples="0"/></visual>
      <worldbody>
        <light directional="true" castshadow="true" pos="0 0 2" dir="0 0.3 -1"/>
        <geom name="floor" type="plane" size="3 3 1" rgba="0.5 0.5 0.5 1"/>
        <body name="cube" pos="0.1 0.05 0.1"><freejoint/>
          <geom name="block" type="box" size="0.1 0.1 0.1" rgba="0.9 0.1 0.1 1"/>
          <body name="knob" pos="0 0 0.12"><geom name="ball" type="sphere" size="0.03"
            rgba="0.1 0.1 0.9 1"/></body>
        </body>
        <geom name="volume" type="box" size="0.5 0.5 0.5" group="4" contype="0" conaffinity="0"/>
        <site name="mark" pos="-0.2 -0.2 0.05" size="0.1"/>
        <camera name="above" pos="0 0 1" fovy="60"/>
        <camera name="side" pos="1 0 0.3" fovy="40" xyaxes="0 1 0 0 0 1"/>
        <camera name="sky" pos="0 0 1" fovy="40" xyaxes="1 0 0 0 -1 0"/>
      </worldbody>
    </mujoco>
    """

  static func model() throws -> SceneModel { try SceneModel(mjcf: text, name: "pictures") }

  /// The room that all tasks share, with nothing in it.
  static func room() throws -> SceneModel {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Tasks/common/room.xml")
    return try SceneModel(mjcf: String(contentsOf: file, encoding: .utf8), name: "room")
  }
}
