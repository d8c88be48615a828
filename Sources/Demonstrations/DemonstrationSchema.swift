internal import Foundation
internal import HDF5Files

/// The layouts of demonstration files that are recognised.
package enum DemonstrationSchema: String, Codable, Sendable {
  /// Ours: robomimic's layout with key frames and a declared action convention.
  case mole = "mole-1"
  case robomimic
  case libero
  /// robosuite's raw collection: simulator states and actions, no observations.
  case robosuite
  case maniskill

  /// The group that holds the episodes.
  var root: String { self == .maniskill ? "" : Layout.data }

  var episodePrefix: String { self == .maniskill ? "traj_" : "demo_" }

  /// Looks at a file's names and attributes.
  ///
  /// - Throws: `DemonstrationError.unknownSchema` or `unsupportedFormat`; `HDF5Error`.
  static func recognise(_ file: borrowing HDF5File) throws -> DemonstrationSchema {
    let names = try file.names(in: "")
    let path = file.url.path
    if names.contains(where: { Layout.number(of: $0, prefix: "traj_") != nil }) {
      return .maniskill
    }
    guard names.contains(Layout.data), try file.node(at: Layout.data) == .group else {
      throw DemonstrationError.unknownSchema(file: path, found: names)
    }
    if let format = try file.attribute(Layout.Attribute.format, of: Layout.data)?.text {
      guard format == Layout.format else {
        throw DemonstrationError.unsupportedFormat(format, file: path)
      }
      return .mole
    }
    let attributes = Set(try file.attributeNames(of: Layout.data))
    if !attributes.isDisjoint(with: ["problem_info", "bddl_file_name"]) { return .libero }
    if attributes.contains(Layout.Attribute.environment) { return .robomimic }
    if !attributes.isDisjoint(with: ["env", "env_info", "repository_version"]) {
      return .robosuite
    }
    let children = try file.names(in: Layout.data)
    guard children.contains(where: { Layout.number(of: $0, prefix: "demo_") != nil }) else {
      throw DemonstrationError.unknownSchema(file: path, found: names)
    }
    return .robomimic
  }

  /// Cameras among the observation paths of an episode, by the name a policy asks for.
  ///
  /// - Parameter paths: Paths of pictures relative to the episode, such as `obs/front_rgb`.
  func cameras(among paths: [String]) -> [String: String] {
    var cameras: [String: String] = [:]
    for path in paths {
      if let name = cameraName(of: path) { cameras[name] = path }
    }
    return cameras
  }

  private func cameraName(of path: String) -> String? {
    let parts = path.split(separator: "/").map(String.init)
    guard let last = parts.last, parts.first == "obs" else { return nil }
    switch self {
    case .mole where parts.count == 2 && last.hasSuffix(Layout.imageSuffix):
      return String(last.dropLast(Layout.imageSuffix.count))
    case .libero where parts.count == 2 && last.hasSuffix("_rgb"):
      return last
    case .robomimic where parts.count == 2 && (last.hasSuffix("_image") || last.hasSuffix("_rgb")),
      .robosuite where parts.count == 2 && last.hasSuffix("_image"):
      return last
    case .maniskill where parts.count >= 3 && ["rgb", "Color"].contains(last):
      return parts[parts.count - 2]
    default:
      return nil
    }
  }
}
