internal import Checkpoints
internal import Foundation

/// A folder that appears under its name when everything in it is written, or not at all.
enum NewFolder {
  /// - Throws: `CheckpointError.cannotWrite`, also when something of that name exists; what `body`
  ///   throws, after removing what it wrote.
  static func write(_ folder: URL, _ body: (URL) throws -> Void) throws {
    let manager = FileManager.default
    guard !manager.fileExists(atPath: folder.path) else {
      throw CheckpointError.cannotWrite(
        folder.path, reason: "it exists already; choose another folder or remove it")
    }
    let partial = URL(filePath: folder.path + ".partial")
    try? manager.removeItem(at: partial)
    do {
      try manager.createDirectory(at: partial, withIntermediateDirectories: true)
    } catch {
      throw CheckpointError.cannotWrite(folder.path, reason: error.localizedDescription)
    }
    do {
      try body(partial)
      try manager.moveItem(at: partial, to: folder)
    } catch {
      try? manager.removeItem(at: partial)
      throw error
    }
  }
}
