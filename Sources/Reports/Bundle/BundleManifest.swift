package import Outcomes

/// What a bundle holds: the file `bundle.json`.
package struct BundleManifest: Codable, Equatable, Sendable {
  package static let fileName = "bundle.json"
  /// The layout that this code writes and reads.
  package static let currentSchema = "mole-bundle-1"
  /// The most bytes of a `bundle.json` that is read.
  package static let byteLimit = 64 << 20

  package var schemaVersion: String
  /// The version of the program's source that made it; absent where that is not known.
  package var commit: String?
  /// The names of the runs, each a folder below `runs`, in the order in which they were named.
  package var runs: [String]
  /// What the report compared with.
  package var against: [String]
  /// Every file of the runs and the report, by path within the bundle.
  package var files: [FileDigest]

  package enum CodingKeys: String, CodingKey {
    case schemaVersion = "schema_version"
    case commit
    case runs
    case against
    case files
  }
}
