internal import CHDF5

extension HDF5File {
  /// Soft links within a file may point at each other in a circle, and each target may be a chain
  /// of more links, so the number of all that one path leads through is bounded.
  private static let softLinkLimit = 32

  /// Opens the object at `path`, one name at a time, so that no link leads out of the file.
  ///
  /// Call it inside the library's lock; what it returns must end there.
  /// - Throws: `HDF5Error.missingObject`, `refusedLink` or `damaged`.
  func open(_ path: String) throws(HDF5Error) -> Identifier {
    var linkCount = 0
    return try open(path, counting: &linkCount)
  }

  private func open(
    _ path: String, counting linkCount: inout Int
  ) throws(HDF5Error) -> Identifier {
    var walked: [String] = []
    var object = try Identifier(
      unsafe H5Gopen2(handle, "/", mole_h5_default()), closing: H5Gclose, orThrow: damaged(path))
    for name in path.split(separator: "/").map(String.init) where name != "." {
      guard H5Iget_type(object.raw) == H5I_GROUP,
        unsafe H5Lexists(object.raw, name, mole_h5_default()) > 0
      else { throw .missingObject(path, file: filePath) }
      switch unsafe mole_h5_link_class(object.raw, name) {
      case H5L_TYPE_HARD.rawValue:
        object = try Identifier(
          unsafe H5Oopen(object.raw, name, mole_h5_default()), closing: H5Oclose,
          orThrow: damaged(path))
      case H5L_TYPE_SOFT.rawValue:
        linkCount += 1
        guard linkCount <= HDF5File.softLinkLimit else {
          throw .refusedLink(path, file: filePath, what: "a chain of too many links")
        }
        let target = try softTarget(of: name, in: object, path: path)
        let base = walked.joined(separator: "/")
        object = try open(
          target.hasPrefix("/") ? target : base + "/" + target, counting: &linkCount)
      case H5L_TYPE_EXTERNAL.rawValue:
        throw .refusedLink(path, file: filePath, what: "a link into another file")
      default:
        throw .refusedLink(path, file: filePath, what: "a link of an unknown kind")
      }
      walked.append(name)
    }
    return object
  }

  private func softTarget(
    of name: String, in group: borrowing Identifier, path: String
  ) throws(HDF5Error) -> String {
    let size = unsafe mole_h5_link_value_size(group.raw, name)
    guard size > 0, size <= 4096 else {
      throw .refusedLink(path, file: filePath, what: "a link without a sensible target")
    }
    var bytes = [UInt8](repeating: 0, count: size + 1)
    let raw = group.raw
    let result = unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe H5Lget_val(raw, name, buffer.baseAddress, size, mole_h5_default())
    }
    guard result >= 0 else {
      throw damaged(path)
    }
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}
