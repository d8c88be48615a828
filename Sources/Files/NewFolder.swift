internal import Foundation

/// A folder that appears under its name when everything in it is written, or not at all.
package enum NewFolder {
  /// Makes a folder and lets `body` fill it, under the temporary path that it is given.
  ///
  /// - Throws: `FileFault.cannotWrite`, also when something of that name exists; what `body`
  ///   throws. What was written is removed then.
  package static func write(_ path: String, _ body: (String) throws -> Void) throws {
    let manager = FileManager.default
    guard !manager.fileExists(atPath: path) else {
      throw FileFault.cannotWrite(
        reason: "it exists already; choose another folder or remove it")
    }
    let partial = path + ".partial"
    try? manager.removeItem(atPath: partial)
    try makeFolder(partial)
    do {
      try body(partial)
      guard unsafe rename(partial, path) == 0 else { throw FileFault.ofWriting }
    } catch {
      try? manager.removeItem(atPath: partial)
      throw error
    }
  }

  /// Makes a folder and those above it; the system's reason is shorter than Foundation's.
  private static func makeFolder(_ path: String) throws {
    let parent = URL(filePath: path).deletingLastPathComponent().path
    if parent != path, !FileManager.default.fileExists(atPath: parent) { try makeFolder(parent) }
    guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST else { throw FileFault.ofWriting }
  }
}
