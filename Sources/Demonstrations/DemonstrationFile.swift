package import Foundation
internal import HDF5Files

/// A file of demonstrations, ours or one of the known others, opened for reading.
///
/// It may be shared between threads. Episodes are read one at a time, and of each only the key
/// frames' pictures.
package final class DemonstrationFile: Sendable {
  package let url: URL
  package let schema: DemonstrationSchema
  /// The task's name: the file's attribute, else the name of the file.
  package let task: String
  /// The version of the task's definition, where the file gives one.
  package let taskVersion: String?
  /// The episodes' names, `demo_0`, `demo_1`, …, in the order of their numbers.
  package let episodeNames: [String]
  /// What the actions mean; `nil` when neither the file nor the caller says so.
  package let convention: ActionConvention?

  let file: HDF5File
  let index: ManiSkillIndex?

  package var episodeCount: Int { episodeNames.count }

  /// Opens a file and recognises its schema.
  ///
  /// - Parameters:
  ///   - url: The HDF5 file.
  ///   - convention: What the actions mean, for a file that does not say it; a file's own
  ///     declaration comes first.
  /// - Throws: `HDF5Error` (a missing file is `missingInput`, a broken one `badData`) or
  ///   `DemonstrationError`.
  package init(opening url: URL, convention: ActionConvention? = nil) throws {
    let file = try HDF5File(reading: url)
    let schema = try DemonstrationSchema.recognise(file)
    let named = try file.attribute(Layout.Attribute.task, of: schema.root)?.text
    taskVersion = try file.attribute(Layout.Attribute.taskVersion, of: schema.root)?.text
    let prefix = schema.episodePrefix
    let numbered = try file.names(in: schema.root).compactMap { name in
      Layout.number(of: name, prefix: prefix).map { (number: $0, name: name) }
    }
    episodeNames = numbered.sorted { ($0.number, $0.name) < ($1.number, $1.name) }.map(\.name)
    guard !numbered.isEmpty else { throw DemonstrationError.noEpisodes(file: url.path) }
    let index = schema == .maniskill ? try ManiSkillIndex.beside(url) : nil
    let stem = url.deletingPathExtension().lastPathComponent
    task = named ?? index?.environment?.identity ?? stem
    self.convention = try DemonstrationFile.declaredConvention(file, schema) ?? convention
    self.url = url
    self.schema = schema
    self.index = index
    self.file = consume file
  }

  /// The names in `mask/train`, `mask/valid` or another mask; `nil` when there is none.
  ///
  /// - Throws: `HDF5Error`.
  package func mask(_ name: String) throws -> [String]? {
    let path = "\(Layout.mask)/\(name)"
    guard try file.node(at: path) == .dataset else { return nil }
    return try file.readStrings(path)
  }

  /// The names of all masks.
  package func maskNames() throws -> [String] {
    guard try file.node(at: Layout.mask) == .group else { return [] }
    return try file.names(in: Layout.mask)
  }

  /// Where the episode lies in the file.
  ///
  /// - Throws: `DemonstrationError.noSuchEpisode`.
  func path(of index: Int) throws -> String {
    guard episodeNames.indices.contains(index) else {
      throw DemonstrationError.noSuchEpisode(index, file: url.path, count: episodeCount)
    }
    return schema.root.isEmpty ? episodeNames[index] : "\(schema.root)/\(episodeNames[index])"
  }

  private static func declaredConvention(
    _ file: borrowing HDF5File, _ schema: DemonstrationSchema
  ) throws -> ActionConvention? {
    guard let text = try file.attribute(Layout.Attribute.convention, of: schema.root)?.text
    else { return nil }
    let name = ActionConvention.declaredName(in: text)
    guard let name, let convention = ActionConvention(name: name) else {
      throw DemonstrationError.unknownConvention(name ?? text, file: file.url.path)
    }
    return convention
  }
}
