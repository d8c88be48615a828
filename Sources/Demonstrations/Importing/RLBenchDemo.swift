internal import Foundation
internal import Manipulation
internal import Pickles

/// The numbers of an RLBench demonstration, frame by frame.
struct RLBenchDemo {
  struct Frame {
    var pose: Pose
    /// 1 = open, 0 = closed.
    var gripperOpen: Double
    /// rad/s.
    var jointVelocities: [Double]
    /// rad; `nil` where they were not recorded.
    var jointPositions: [Double]?
    /// Near and far planes (m) by camera, where asked for.
    var depthRanges: [String: (near: Double, far: Double)] = [:]
  }

  var frames: [Frame]

  /// Reads `low_dim_obs.pkl`.
  ///
  /// - Parameter depthCameras: Cameras whose near and far planes are needed.
  init(episode: URL, depthCameras: [String]) throws(ImportError) {
    let file = episode.appendingPathComponent("low_dim_obs.pkl")
    let value = try ImportFile.pickle(at: file, expected: "RLBench's pickled demo")
    do {
      frames = try RLBenchDemo.frames(in: value, depthCameras: depthCameras)
    } catch {
      throw .badEpisode(episode.path, error)
    }
  }

  private static func frames(in value: PickleValue, depthCameras: [String])
    throws(EpisodeFault) -> [Frame]
  {
    guard let observations = value["_observations"]?.items ?? value.items else { throw .notADemo }
    guard !observations.isEmpty else { throw .noFrames }
    var frames: [Frame] = []
    for (index, observation) in observations.enumerated() {
      let fields = RLBenchFields(observation: observation, frame: index)
      frames.append(try frame(fields, depthCameras: depthCameras))
    }
    return frames
  }

  private static func frame(_ fields: RLBenchFields, depthCameras: [String])
    throws(EpisodeFault) -> Frame
  {
    let pose = try fields.vector("gripper_pose", width: 7)
    guard let rotation = Rotation(quaternionXYZW: [pose[3], pose[4], pose[5], pose[6]]) else {
      throw .notARotation(frame: fields.frame)
    }
    var frame = Frame(
      pose: Pose(position: [pose[0], pose[1], pose[2]], rotation: rotation),
      gripperOpen: try fields.number("gripper_open"),
      jointVelocities: try fields.vector("joint_velocities", width: nil),
      jointPositions: try fields.optionalVector("joint_positions"))
    for camera in depthCameras { frame.depthRanges[camera] = try fields.depthRange(of: camera) }
    return frame
  }
}

extension PickleVocabulary {
  /// What RLBench's recordings may name.
  static let rlBench = PickleVocabulary.numPy
    .allowing(records: ["Demo"], of: "rlbench.demo")
    .allowing(records: ["Observation"], of: "rlbench.backend.observation")
}

/// One pickled observation and where it stands, for errors.
struct RLBenchFields {
  /// More joints than any arm has; guards against a file that claims millions.
  private static let widthLimit = 1024

  var observation: PickleValue
  var frame: Int

  func number(_ name: String) throws(EpisodeFault) -> Double {
    guard let number = observation[name]?.double else {
      throw .missingField(name, frame: frame)
    }
    guard number.isFinite else { throw .notFinite(name, frame: frame) }
    return number
  }

  func optionalVector(_ name: String) throws(EpisodeFault) -> [Double]? {
    switch observation[name] {
    case nil, .some(.none): nil
    case .some: try vector(name, width: nil)
    }
  }

  /// - Parameter width: The expected length; `nil` for any.
  func vector(_ name: String, width: Int?) throws(EpisodeFault) -> [Double] {
    guard let value = observation[name] else { throw .missingField(name, frame: frame) }
    if case .array(let array) = value, array.count > RLBenchFields.widthLimit {
      throw .wrongWidth(name, frame: frame, found: array.count, expected: width ?? 7)
    }
    guard let numbers = value.doubles else { throw .missingField(name, frame: frame) }
    if let width, numbers.count != width {
      throw .wrongWidth(name, frame: frame, found: numbers.count, expected: width)
    }
    guard numbers.allSatisfy(\.isFinite) else { throw .notFinite(name, frame: frame) }
    return numbers
  }

  func depthRange(of camera: String) throws(EpisodeFault) -> (near: Double, far: Double) {
    guard let misc = observation["misc"], let near = misc["\(camera)_camera_near"]?.double,
      let far = misc["\(camera)_camera_far"]?.double, near.isFinite, far.isFinite
    else { throw .noDepthRange(camera: camera, frame: frame) }
    return (near, far)
  }
}
