internal import Foundation
internal import HDF5Files
package import Manipulation

extension DemonstrationFile {
  /// How an episode started in its simulated world.
  ///
  /// - Parameter index: The position in the file, from 0.
  /// - Returns: `nil` when the episode holds no simulator states.
  /// - Throws: `DemonstrationError` when a state is no row of finite numbers, or `env_args` cannot
  ///   be understood; `HDF5Error`.
  package func recordedStart(of index: Int) throws -> RecordedStart? {
    let path = try path(of: index)
    guard let state = try firstState(of: index) else { return nil }
    return RecordedStart(
      state: state,
      variation: try file.attribute(Layout.Attribute.variation, of: path)?.integer ?? 0,
      seed: try file.attribute(Layout.Attribute.seed, of: path).flatMap(Self.seed) ?? 0,
      instruction: try instruction(of: index) ?? "", taskVersion: taskVersion ?? "",
      model: try file.attribute(Layout.Attribute.model, of: path)?.text,
      perturbations: try environmentArguments()?["perturbations"].map {
        $0.split(separator: ",").map(String.init)
      })
  }

  /// What made the recordings: the `env_kwargs` of `env_args`; `nil` where the file is not ours or
  /// does not say it.
  ///
  /// - Throws: `DemonstrationError.badEnvironment`; `HDF5Error`.
  package func environmentArguments() throws -> [String: String]? {
    struct Environment: Decodable {
      var arguments: [String: String]?

      enum CodingKeys: String, CodingKey { case arguments = "env_kwargs" }
    }
    let attribute = Layout.Attribute.environment
    guard schema == .mole, let text = try file.attribute(attribute, of: schema.root)?.text else {
      return nil
    }
    do {
      return try JSONDecoder().decode(Environment.self, from: Data(text.utf8)).arguments
    } catch {
      throw DemonstrationError.badEnvironment(file: url.path)
    }
  }

  private func firstState(of index: Int) throws -> [Double]? {
    let name = Layout.Dataset.states
    let path = "\(try path(of: index))/\(name)"
    guard try file.node(at: path) == .dataset else { return nil }
    let shape = try file.dataset(at: path).shape
    guard shape.count == 2, shape[0] > 0, shape[1] > 0 else {
      throw DemonstrationError.wrongShape(
        name, episode: episodeNames[index], file: url.path, expected: "(frames, numbers)",
        found: shape)
    }
    let state = try file.read(path, as: Double.self, rows: [0])
    guard state.allSatisfy(\.isFinite) else {
      throw DemonstrationError.notFinite(
        name, episode: episodeNames[index], file: url.path, frame: 0)
    }
    return state
  }

  private static func seed(_ value: HDF5Value) -> UInt64? {
    switch value {
    case .unsigned(let seed): seed
    default: value.integer.flatMap { UInt64(exactly: $0) }
    }
  }
}
