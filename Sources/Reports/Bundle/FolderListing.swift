internal import Foundation

/// What lies in a folder.
enum FolderListing {
  /// Everything in it and its folders that is no folder, by path within it, in order.
  static func files(in folder: URL) throws(ReportError) -> [String] {
    guard let walk = FileManager.default.enumerator(atPath: folder.path) else {
      throw .unreadable(file: folder.path, reason: "it is no folder")
    }
    return walk.compactMap { $0 as? String }.filter { !isFolder(folder.appending(path: $0)) }
      .sorted()
  }

  /// A link to a folder is none: what it leads to is not in here.
  private static func isFolder(_ url: URL) -> Bool {
    var status = stat()
    return lstat(url.path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
