internal import CHDF5

extension HDF5File {
  /// Reads texts, of fixed or variable length, as UTF-8 (broken sequences are replaced).
  ///
  /// - Parameters:
  ///   - path: The dataset's path.
  ///   - limit: The most bytes to reserve.
  /// - Throws: `HDF5Error` when there is none, it holds no texts, or they are too large.
  package func readStrings(
    _ path: String, limit: Int = HDF5File.readLimit
  ) throws -> [String] {
    try Library.locked(for: filePath) {
      let dataset = try openDataset(path)
      let facts = try describe(dataset, path: path)
      guard case .text(let isVariable) = facts.type.content else {
        throw HDF5Error.wrongType(
          path, file: filePath, expected: "texts", found: facts.type.description)
      }
      let size = isVariable ? MemoryLayout<Int>.stride : facts.type.byteCount
      let count = try checkedCount(
        facts.shape, elementSize: size, facts, path: path, limit: limit)
      guard count > 0 else { return [] }
      let fileType = try Identifier(
        H5Dget_type(dataset.raw), closing: H5Tclose,
        orThrow: damaged(path))
      let space = try Identifier(
        H5Dget_space(dataset.raw), closing: H5Sclose,
        orThrow: damaged(path))
      let source = TextSource(
        owner: dataset.raw, fileType: fileType.raw, space: space.raw, count: count, path: path)
      return isVariable
        ? try variableTexts(source, limit: limit) : try fixedTexts(source, size: size)
    }
  }

  /// Texts of a dataset or attribute that was already checked.
  struct TextSource {
    let owner: hid_t
    let fileType: hid_t
    let space: hid_t
    let count: Int
    let path: String
    /// Attributes are read by another call than datasets.
    var isAttribute = false
  }

  /// A text type in memory with the file's character set, as the library converts no other.
  private func memoryType(for source: TextSource, size: Int) throws(HDF5Error) -> Identifier {
    let type = try Identifier(
      H5Tcopy(mole_h5_string()), closing: H5Tclose,
      orThrow: damaged(source.path))
    guard H5Tset_size(type.raw, size) >= 0,
      H5Tset_cset(type.raw, H5Tget_cset(source.fileType)) >= 0,
      H5Tset_strpad(type.raw, H5Tget_strpad(source.fileType)) >= 0
    else { throw damaged(source.path) }
    return type
  }

  func fixedTexts(_ source: TextSource, size: Int) throws -> [String] {
    let type = try memoryType(for: source, size: size)
    let isPadded = H5Tget_strpad(source.fileType) == H5T_STR_SPACEPAD
    var bytes = [UInt8](repeating: 0, count: source.count * size)
    let status = unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe source.isAttribute
        ? H5Aread(source.owner, type.raw, buffer.baseAddress)
        : H5Dread(
          source.owner, type.raw, mole_h5_all(), mole_h5_all(), mole_h5_default(),
          buffer.baseAddress)
    }
    guard status >= 0 else { throw damaged(source.path) }
    return (0..<source.count).map { index in
      var text = bytes[index * size..<(index + 1) * size].prefix { $0 != 0 }
      while isPadded, text.last == 0x20 { text.removeLast() }
      return String(decoding: text, as: UTF8.self)
    }
  }

  func variableTexts(_ source: TextSource, limit: Int) throws -> [String] {
    let type = try memoryType(for: source, size: mole_h5_variable())
    let transfer = try Identifier(
      H5Pcreate(mole_h5_dataset_transfer()), closing: H5Pclose, orThrow: damaged(source.path))
    var budget = mole_h5_budget(remaining: limit)
    var pointers = unsafe [UnsafeMutablePointer<CChar>?](repeating: nil, count: source.count)
    return try unsafe withUnsafeMutablePointer(to: &budget) { budget in
      guard unsafe mole_h5_set_budget(transfer.raw, budget) >= 0 else {
        throw damaged(source.path)
      }
      return try unsafe pointers.withUnsafeMutableBytes { buffer in
        let status =
          unsafe source.isAttribute
          ? H5Aread(source.owner, type.raw, buffer.baseAddress)
          : H5Dread(
            source.owner, type.raw, mole_h5_all(), mole_h5_all(), transfer.raw,
            buffer.baseAddress)
        let message = status >= 0 ? nil : Library.message
        let texts = unsafe buffer.bindMemory(to: UnsafeMutablePointer<CChar>?.self).map {
          unsafe $0.map { unsafe String(cString: $0) } ?? ""
        }
        _ = unsafe H5Dvlen_reclaim(type.raw, source.space, transfer.raw, buffer.baseAddress)
        if let message { throw HDF5Error.damaged(source.path, file: filePath, library: message) }
        return texts
      }
    }
  }
}
