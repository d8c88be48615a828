internal import Foundation
internal import HDF5Files

extension DemonstrationFile {
  /// A nest deeper than this is no recording.
  private static let depthLimit = 12
  /// Six days at 20 Hz; a file may claim any number.
  static let frameLimit = 10_000_000
  /// More datasets than this in one episode are none.
  private static let datasetLimit = 4096

  /// Describes an episode without reading its data.
  ///
  /// - Parameter index: The position in the file, from 0.
  /// - Throws: `DemonstrationError` or `HDF5Error` when it is missing or damaged.
  package func summary(of index: Int) throws -> EpisodeSummary {
    let path = try path(of: index)
    let datasets = try datasets(of: index)
    let frameCount = try frameCount(of: index)
    let keyframes = try keyframeIndices(of: index, frameCount: frameCount)
    let number = Layout.number(of: episodeNames[index], prefix: schema.episodePrefix)
    let entry = number.flatMap { self.index?.entry($0) }
    let success = try file.attribute(Layout.Attribute.success, of: path)?.integer.map { $0 != 0 }
    return EpisodeSummary(
      name: episodeNames[index], instruction: try instruction(of: index),
      variation: try file.attribute(Layout.Attribute.variation, of: path)?.integer ?? 0,
      frameCount: frameCount, keyframeCount: keyframes.count,
      success: success ?? entry?.success,
      source: try file.attribute(Layout.Attribute.source, of: path)?.text,
      cameras: schema.cameras(among: datasets.map(\.name)).keys.sorted(), datasets: datasets)
  }

  /// Describes every dataset of an episode, by name.
  func datasets(of index: Int) throws -> [DatasetSummary] {
    let root = try path(of: index)
    var found: [DatasetSummary] = []
    try collect("", depth: 0)
    return found

    func collect(_ group: String, depth: Int) throws {
      for name in try file.names(in: group.isEmpty ? root : "\(root)/\(group)") {
        guard depth < DemonstrationFile.depthLimit, found.count < DemonstrationFile.datasetLimit
        else {
          throw DemonstrationError.tooLarge(
            "The tree of '\(root)'", file: url.path, limit: DemonstrationFile.datasetLimit)
        }
        let path = group.isEmpty ? name : "\(group)/\(name)"
        switch try file.node(at: "\(root)/\(path)") {
        case .group: try collect(path, depth: depth + 1)
        case .dataset: found.append(try summary(of: path, in: root))
        default: continue
        }
      }
    }
  }

  private func summary(of name: String, in root: String) throws -> DatasetSummary {
    let dataset = try file.dataset(at: "\(root)/\(name)")
    return DatasetSummary(
      name: name, shape: dataset.shape, type: dataset.type.description, chunk: dataset.chunk,
      filters: dataset.filters, storedByteCount: dataset.storedByteCount)
  }

  /// The number of frames: the rows of `actions`.
  ///
  /// - Throws: `DemonstrationError` when there are none or more than `frameLimit`.
  func frameCount(of index: Int) throws -> Int {
    let path = try path(of: index)
    let actions = "\(path)/\(Layout.Dataset.actions)"
    guard try file.node(at: actions) == .dataset else {
      throw DemonstrationError.missing(
        "dataset 'actions'", episode: episodeNames[index], file: url.path,
        remedy: "record the demonstrator's actions")
    }
    let shape = try file.dataset(at: actions).shape
    guard shape.count == 2, shape[0] > 0, shape[1] > 0 else {
      throw DemonstrationError.wrongShape(
        Layout.Dataset.actions, episode: episodeNames[index], file: url.path,
        expected: "(frames, dimensions)", found: shape)
    }
    guard shape[0] <= DemonstrationFile.frameLimit else {
      throw DemonstrationError.tooLarge(
        "The number of frames of '\(path)'", file: url.path,
        limit: DemonstrationFile.frameLimit)
    }
    return shape[0]
  }

  /// The number of frames at which a policy is queried.
  ///
  /// - Throws: `DemonstrationError` or `HDF5Error` when the episode is damaged.
  package func keyframeCount(of index: Int) throws -> Int {
    try keyframeIndices(of: index, frameCount: frameCount(of: index)).count
  }

  /// The frames at which a policy is queried: those flagged, or all where there are no flags.
  func keyframeIndices(of index: Int, frameCount: Int) throws -> [Int] {
    let path = "\(try path(of: index))/\(Layout.Dataset.keyframe)"
    guard try file.node(at: path) == .dataset else { return Array(0..<frameCount) }
    let shape = try file.dataset(at: path).shape
    guard shape == [frameCount] else {
      throw DemonstrationError.wrongShape(
        Layout.Dataset.keyframe, episode: episodeNames[index], file: url.path,
        expected: "(\(frameCount))", found: shape)
    }
    let flags = try file.read(path, as: UInt8.self)
    return flags.indices.filter { flags[$0] != 0 }
  }

  /// The instruction of an episode, wherever its schema keeps it; `nil` when there is none.
  func instruction(of index: Int) throws -> String? {
    let path = try path(of: index)
    if let text = try file.attribute(Layout.Attribute.instruction, of: path)?.text {
      return text
    }
    let root = schema.root
    switch schema {
    case .mole: return nil
    case .maniskill:
      let number = Layout.number(of: episodeNames[index], prefix: schema.episodePrefix)
      let entry = number.flatMap { self.index?.entry($0) }
      return entry?.instruction
    case .libero, .robomimic, .robosuite:
      let sources = [
        ("problem_info", root, ["language_instruction"]), ("ep_meta", path, ["lang"]),
        (Layout.Attribute.environment, root, ["env_kwargs", "env_lang"]),
        (Layout.Attribute.environment, root, ["env_lang"]),
      ]
      for (attribute, object, keys) in sources {
        if let json = try file.attribute(attribute, of: object)?.text,
          let text = textValue(in: json, at: keys)
        {
          return text
        }
      }
      return nil
    }
  }

  /// The text at a chain of keys in JSON; LIBERO's instructions may be lists of words.
  private func textValue(in json: String, at keys: [String]) -> String? {
    var value: Any? = try? JSONSerialization.jsonObject(with: Data(json.utf8))
    for key in keys { value = (value as? [String: Any])?[key] }
    if let words = value as? [String] { return words.joined() }
    return value as? String
  }
}
