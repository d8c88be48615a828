internal import Files
internal import Foundation
internal import Pickles

/// Reading files and folders whose content is not trusted.
enum ImportFile {
  /// The bytes of a file of at most `limit` bytes.
  static func bytes(of url: URL, limit: Int, expected: String) throws(ImportError) -> [UInt8] {
    do {
      return try RegularFile.bytes(of: url.path, limit: limit)
    } catch {
      throw ImportError(error, path: url.path, expected: expected)
    }
  }

  /// The names in a folder, sorted; empty when there is no such folder.
  static func names(in folder: URL) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }

  static func isFolder(_ url: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  static func exists(_ url: URL) -> Bool {
    FileManager.default.fileExists(atPath: url.path)
  }

  /// The folders `<prefix><number>` in a folder, in the order of their numbers.
  static func numbered(_ prefix: String, in folder: URL) -> [(number: Int, url: URL)] {
    names(in: folder).compactMap { name -> (Int, URL)? in
      guard let number = Layout.number(of: name, prefix: prefix) else { return nil }
      return (number, folder.appendingPathComponent(name))
    }.filter { isFolder($0.1) }.sorted { $0.0 < $1.0 }
  }

  /// Refuses names that would leave the folder they are put in.
  static func checkName(_ name: String, of what: String) throws(ImportError) {
    let allowed = name.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    guard allowed, !name.isEmpty, !name.hasPrefix(".") else { throw .badName(name, of: what) }
  }

  /// Reads a pickle; errors name the file.
  static func pickle(at url: URL, expected: String) throws(ImportError) -> PickleValue {
    let limits = PickleLimits()
    let bytes = try bytes(of: url, limit: limits.byteCount, expected: expected)
    do {
      return try Unpickler.load(bytes, vocabulary: .rlBench, limits: limits)
    } catch {
      throw .badPickle(url.path, error)
    }
  }
}
