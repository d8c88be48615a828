import Checkpoints
import Foundation
import Images
import Manipulation
import TensorMath
import Testing
import VLAPolicy

/// A random checkpoint and what an independent PyTorch implementation makes of one observation
/// (`Scripts/fixtures/policy.py`).
struct Reference {
  let folder: URL
  let query: Query
  let picture: RGBImage

  struct Query: Decodable {
    let instruction: String
    let unnormKey: String

    /// x, y, z in metres and a quaternion, x, y, z, w.
    let gripperPose: [Double]?
    let gripperOpen: Bool?

    private enum CodingKeys: String, CodingKey {
      case instruction
      case unnormKey = "unnorm_key"
      case gripperPose = "gripper_pose"
      case gripperOpen = "gripper_open"
    }

    var observation: Observation {
      let pose = gripperPose.flatMap { numbers in
        Rotation(quaternionXYZW: [numbers[3], numbers[4], numbers[5], numbers[6]]).map {
          Pose(position: [numbers[0], numbers[1], numbers[2]], rotation: $0)
        }
      }
      return Observation(gripperPose: pose, gripperOpen: gripperOpen.map { $0 ? 1 : 0 })
    }
  }

  init(_ name: String) throws {
    folder = try fixture(name)
    query = try JSONFile.decode(Query.self, from: folder.appending(path: "query.json"))
    picture = try PNGFile.read(folder.appending(path: "image.png"))
  }

  func network(
    adjusting adjust: (inout Configuration) -> Void = { _ in }
  ) throws -> VLANetwork {
    try VLANetwork(checkpoint: folder, adjusting: adjust)
  }

  func trace(_ method: String) throws -> TensorArchive {
    try TensorArchive(file: folder.appending(path: "trace-\(method).safetensors"))
  }

  /// Our own stages of the observation, from the reference's noise.
  func run(
    _ network: VLANetwork, selection: any LayerSelection, against reference: TensorArchive
  ) throws -> (stages: Trace, result: ForwardResult, executed: MACCount) {
    var meter = ComputeMeter()
    var traces = [Trace(recording: true)]
    let noise = try reference.contains("noise") ? reference.matrix("noise") : nil
    let gripper = try network.gripperState(key: query.unnormKey)
    let input = ForwardInput(
      picture: picture, promptIDs: try reference.integers("token_ids"),
      gripper: try gripper?(query.observation) ?? [], seed: 1, noise: noise)
    let result = network.forward([input], selection: selection, meter: &meter, traces: &traces)
    return (traces[0], result[0], meter.samples[0].executed)
  }
}

extension TensorArchive {
  /// The values of a tensor of either kind.
  func numbers(_ name: String) throws -> [Float] {
    try elementType(of: name).isFloatingPoint
      ? floats(name) : integers(name).map(Float.init)
  }

  func matrix(_ name: String) throws -> Matrix {
    let shape = try shape(of: name)
    return Matrix(rows: shape[0], columns: shape[1], elements: try floats(name))
  }
}

/// The largest difference relative to the largest magnitude of the reference.
func relativeError(_ values: [Float], _ reference: [Float]) -> Float {
  guard values.count == reference.count else { return .infinity }
  let scale = reference.reduce(Float.leastNormalMagnitude) { max($0, abs($1)) }
  return zip(values, reference).reduce(0) { max($0, abs($1.0 - $1.1)) } / scale
}

func fixture(_ name: String) throws -> URL {
  let fixtures = try #require(
    Bundle.module.url(forResource: "Fixtures", withExtension: nil), "fixtures are in the bundle")
  return fixtures.appending(path: name)
}
