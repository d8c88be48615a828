package import Foundation
internal import Images
internal import Manipulation

/// Makes demonstrations of a data set in RLDS' form, as TFDS writes it.
package struct RLDSImporter {
  private static let width = 7

  /// The data set's name.
  package let name: String
  /// What the actions of the set mean; they are converted to ours.
  package let convention: ActionConvention
  /// Splits that are named but of which no file is there.
  package let absentSplits: [String]
  /// The name that the picture gets.
  package var cameraName = "front"

  private let keys: RLDSKeys
  private let splits: [RLDSDescription.Split]

  /// - Parameters:
  ///   - folder: Where `dataset_info.json` and `features.json` are.
  ///   - convention: What the actions mean; `nil` to infer it from a name that is known.
  ///   - image: The observation to take as the picture; `nil` for the usual ones.
  ///   - state: The observation to take as the state; `nil` for the usual ones.
  /// - Throws: `ImportError`.
  package init(
    folder: URL, convention: ActionConvention? = nil, image: String? = nil, state: String? = nil
  ) throws {
    guard ImportFile.isFolder(folder) else {
      throw ImportError.missing(folder.path, expected: "the folder of a TFDS data set")
    }
    let description = try RLDSDescription(folder: folder)
    name = description.name
    guard let convention = convention ?? RLDSImporter.convention(ofDataset: name) else {
      throw ImportError.unknownActions(dataset: name)
    }
    self.convention = convention
    let features = folder.appendingPathComponent("features.json").path
    do throws(RecordFault) {
      keys = try RLDSKeys(in: description.leaves, image: image, state: state)
    } catch {
      throw ImportError.badMetadata(features, reason: "it \(error.explanation)")
    }
    guard keys.state != nil || !convention.needsPose else {
      let reason = "it describes no 7-D state, which '\(convention.name)' needs"
      throw ImportError.badMetadata(features, reason: reason)
    }
    let isThere = { (split: RLDSDescription.Split) in
      split.shards.contains { ImportFile.exists($0.url) }
    }
    splits = description.splits.filter(isThere)
    absentSplits = description.splits.filter { !isThere($0) }.map(\.name)
    guard !splits.isEmpty else {
      let file = description.splits.first?.shards.first?.url ?? folder
      throw ImportError.missing(file.path, expected: "a shard of the data set")
    }
  }

  /// The number of episodes in the splits that are there.
  package var episodeCount: Int {
    splits.flatMap(\.shards).reduce(0) { $0 + $1.recordCount }
  }

  /// Known data sets: Bridge's actions are deltas, MoLe-VLA's own set has our convention.
  package static func convention(ofDataset name: String) -> ActionConvention? {
    if name.hasPrefix("bridge") { return .deltas }
    if name.hasPrefix("rlbench") { return .native }
    return nil
  }

  /// Reads all episodes, one in memory at a time.
  ///
  /// - Parameter body: Receives each episode and the name of its split.
  /// - Throws: `ImportError`, `ImageError`, and what `body` throws.
  package func forEachEpisode(
    _ body: (_ episode: RecordedDemonstration, _ split: String) throws -> Void
  ) throws {
    for split in splits {
      for shard in split.shards {
        var reader = try TFRecordReader(shard.url)
        while let record = try reader.next() {
          let place = "\(shard.url.path), record \(reader.recordCount - 1)"
          let episode: RecordedDemonstration
          do {
            episode = try self.episode(TFExample(record), place: place)
          } catch let fault as RecordFault {
            throw ImportError.badRecord(shard.url.path, number: reader.recordCount - 1, fault)
          }
          try body(episode, split.name)
        }
        guard reader.recordCount == shard.recordCount else {
          throw reader.fault(
            .missingRecords(found: reader.recordCount, expected: shard.recordCount))
        }
      }
    }
  }

  /// Every step of such a set asks a policy.
  private func episode(_ example: TFExample, place: String) throws -> RecordedDemonstration {
    let pictures = try example.byteStrings(keys.image)
    guard !pictures.isEmpty else { throw RecordFault.noSteps }
    let actions = try rows(keys.action, of: example, stepCount: pictures.count)
    let states = try keys.state.map { try rows($0, of: example, stepCount: pictures.count) }
    let instruction = try example.byteStrings(keys.instruction).first ?? []
    let frames = try pictures.indices.map { step in
      let picture = try ImageFile.decode(Array(pictures[step]), name: "\(place), step \(step)")
      return frame(
        picture, action: actions[step], state: states?[step], isLast: step == pictures.count - 1)
    }
    return RecordedDemonstration(
      instruction: String(decoding: instruction, as: UTF8.self), source: "rlds:\(name)",
      frames: frames)
  }

  private func frame(_ picture: RGBImage, action: [Double], state: [Double]?, isLast: Bool)
    -> RecordedFrame
  {
    let pose = state.map { state in
      Pose(
        position: [state[0], state[1], state[2]],
        rotation: Rotation(extrinsicXYZ: [state[3], state[4], state[5]]))
    }
    let recorded = Action(vector: action.map { Float($0) })
    // `init` has made sure that there is a pose where the convention needs one.
    let converted = convention.convert(recorded, at: pose) ?? recorded
    return RecordedFrame(
      observation: Observation(
        images: [cameraName: picture], gripperPose: pose, gripperOpen: state?[6]),
      action: converted, isKeyframe: true, isDone: isLast)
  }

  /// The seven numbers of each step.
  private func rows(_ key: String, of example: TFExample, stepCount: Int) throws(RecordFault)
    -> [[Double]]
  {
    let values = try example.numbers(key)
    let width = RLDSImporter.width
    guard values.count == stepCount * width else {
      throw .wrongCount(key, found: values.count, expected: stepCount * width)
    }
    if let bad = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(key, step: bad / width)
    }
    return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
  }
}
