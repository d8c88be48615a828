internal import CHDF5
package import Foundation

/// An open HDF5 file, read or being written.
///
/// Paths inside the file are written with slashes, `data/demo_0/actions`; the empty path is the
/// root. Every method may be called from any thread; the library does one thing at a time. Files
/// are taken as hostile: sizes and types are compared before memory is reserved, and nothing
/// outside the file is read.
package struct HDF5File: ~Copyable, Sendable {
  /// The most bytes that one call reads, where the caller names no other limit.
  package static let readLimit = 1 << 30

  package let url: URL
  /// The path of `url`, for messages.
  let filePath: String
  let handle: hid_t

  /// Opens a file for reading.
  ///
  /// - Throws: `HDF5Error` of kind `missingInput` when there is no readable file, `badData` when
  ///   it is no whole HDF5 file.
  package init(reading url: URL) throws {
    try HDF5File.checkRegularFile(url)
    let path = url.path
    let opened = try Library.locked(for: path) { () throws(HDF5Error) in
      let access = try Identifier(
        H5Pcreate(mole_h5_file_access()), closing: H5Pclose,
        orThrow: .notHDF5(file: path, library: Library.message))
      mole_h5_skip_file_locking(access.raw)
      let raw = unsafe mole_h5_open_read_only(path, access.raw)
      guard raw >= 0 else { throw .notHDF5(file: path, library: Library.message) }
      return raw
    }
    self.init(url: url, handle: opened)
  }

  /// Makes a new file, replacing one of the same name.
  ///
  /// The format is that of HDF5 1.8 and later, whose metadata carry checksums.
  /// - Throws: `HDF5Error.cannotWrite`.
  package init(creating url: URL) throws {
    let path = url.path
    let opened = try Library.locked(for: path) { () throws(HDF5Error) in
      let access = try Identifier(
        H5Pcreate(mole_h5_file_access()), closing: H5Pclose,
        orThrow: .cannotWrite(path, library: Library.message))
      guard H5Pset_libver_bounds(access.raw, H5F_LIBVER_V18, H5F_LIBVER_V18) >= 0 else {
        throw .cannotWrite(path, library: Library.message)
      }
      // Equal input gives equal bytes: no time of writing in the file.
      let creation = try Identifier(
        H5Pcreate(mole_h5_file_create()), closing: H5Pclose,
        orThrow: .cannotWrite(path, library: Library.message))
      guard H5Pset_obj_track_times(creation.raw, false) >= 0 else {
        throw .cannotWrite(path, library: Library.message)
      }
      let raw = unsafe mole_h5_create(path, creation.raw, access.raw)
      guard raw >= 0 else { throw .cannotWrite(path, library: Library.message) }
      return raw
    }
    self.init(url: url, handle: opened)
  }

  private init(url: URL, handle: hid_t) {
    self.url = url
    filePath = url.path
    self.handle = handle
  }

  deinit {
    let handle = handle
    Library.locked(for: filePath) { _ = H5Fclose(handle) }
  }

  /// Writes everything to disk.
  ///
  /// - Throws: `HDF5Error.cannotWrite`.
  package func flush() throws {
    try Library.locked(for: filePath) { () throws(HDF5Error) in
      guard H5Fflush(handle, H5F_SCOPE_LOCAL) >= 0 else {
        throw .cannotWrite(filePath, library: Library.message)
      }
    }
  }

  private static func checkRegularFile(_ url: URL) throws {
    let path = url.resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
      throw HDF5Error.missingFile(url.path)
    }
    guard attributes[.type] as? FileAttributeType == .typeRegular else {
      throw HDF5Error.notAFile(url.path)
    }
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw HDF5Error.unreadableFile(url.path)
    }
  }
}

extension HDF5File {
  /// What stands at a path.
  package enum Node: Equatable, Sendable {
    case group
    case dataset
    case other
  }

  /// What stands at `path`, or `nil` when nothing does.
  ///
  /// - Throws: `HDF5Error` when the way there is damaged or leaves the file.
  package func node(at path: String) throws -> Node? {
    try Library.locked(for: filePath) {
      do {
        let object = try open(path)
        switch H5Iget_type(object.raw) {
        case H5I_GROUP: return .group
        case H5I_DATASET: return .dataset
        default: return .other
        }
      } catch HDF5Error.missingObject {
        return nil
      }
    }
  }

  /// The names in the group at `path`, sorted by their bytes.
  ///
  /// - Throws: `HDF5Error`, also when there are more than a million.
  package func names(in path: String) throws -> [String] {
    try Library.locked(for: filePath) {
      let group = try open(path)
      guard H5Iget_type(group.raw) == H5I_GROUP else {
        throw HDF5Error.wrongKind(
          path, file: filePath, expected: "a group", found: "not a group")
      }
      return try unsafe collectNames(of: path) { visitor, context in
        unsafe mole_h5_each_link(group.raw, visitor, context)
      }
    }
  }

  /// The names of the attributes of the object at `path`.
  package func attributeNames(of path: String) throws -> [String] {
    try Library.locked(for: filePath) {
      let object = try open(path)
      return try unsafe collectNames(of: path) { visitor, context in
        unsafe mole_h5_each_attribute(object.raw, visitor, context)
      }
    }
  }

  private func collectNames(
    of path: String, _ iterate: (mole_h5_visitor, UnsafeMutableRawPointer) -> Int32
  ) throws -> [String] {
    var names: [String] = []
    let result = unsafe withUnsafeMutablePointer(to: &names) { list in
      unsafe iterate(
        { name, context in
          guard let name = unsafe name, let context = unsafe context else { return -1 }
          let list = unsafe context.assumingMemoryBound(to: [String].self)
          unsafe list.pointee.append(String(cString: name))
          return unsafe list.pointee.count > 1_000_000 ? -1 : 0
        }, list)
    }
    guard result >= 0 else {
      throw HDF5Error.damaged(path, file: filePath, library: Library.message)
    }
    return names
  }
}
