internal import CHDF5

extension HDF5File {
  /// Makes a group, and those above it that are missing.
  ///
  /// - Throws: `HDF5Error.cannotWrite`.
  package func createGroup(_ path: String) throws {
    try Library.locked(for: filePath) {
      try makeGroups(path.split(separator: "/"))
    }
  }

  /// Makes a dataset whose elements are still to be written.
  ///
  /// - Parameters:
  ///   - path: Where; missing groups are made.
  ///   - kind: The element type, in this machine's byte order.
  ///   - shape: The extents, the first counting rows.
  ///   - chunk: The extents of one chunk, or `nil` for one piece.
  ///   - compression: gzip's level 1...9 for chunked data, 0 for none.
  /// - Throws: `HDF5Error.cannotWrite`.
  package func createDataset(
    _ path: String, of kind: HDF5ElementKind, shape: [Int], chunk: [Int]? = nil,
    compression: Int = 0
  ) throws {
    try Library.locked(for: filePath) {
      let space = try Identifier(simpleSpace(shape), closing: H5Sclose, orThrow: failedToWrite())
      let creation = try datasetCreation(chunk: chunk, compression: compression)
      try makeGroups(path.split(separator: "/").dropLast())
      _ = try Identifier(
        unsafe H5Dcreate2(
          handle, path, kind.native, space.raw, mole_h5_default(), creation.raw,
          mole_h5_default()),
        closing: H5Dclose, orThrow: failedToWrite())
    }
  }

  /// Writes consecutive rows of a dataset made before.
  ///
  /// - Parameters:
  ///   - values: Whole rows, row-major, of the dataset's element type or one converted to it.
  ///   - path: The dataset's path.
  ///   - row: The first row.
  /// - Throws: `HDF5Error.cannotWrite`, also when the rows do not fit.
  package func write<Element: HDF5Element>(
    _ values: [Element], to path: String, fromRow row: Int = 0
  ) throws {
    try Library.locked(for: filePath) {
      let dataset = try openDataset(path)
      let facts = try describe(dataset, path: path)
      let width = product(Array(facts.shape.dropFirst())) ?? 0
      guard width > 0, values.count.isMultiple(of: width) else {
        guard !values.isEmpty else { return }
        throw failedToWrite("\(values.count) values are no rows of \(width)")
      }
      let rows = Array(row..<row + values.count / width)
      guard !rows.isEmpty else { return }
      let shape = [rows.count] + facts.shape.dropFirst()
      guard row >= 0, row + rows.count <= facts.shape[0] else {
        throw failedToWrite("rows \(row)..<\(row + rows.count) are not in '\(path)'")
      }
      let transfer = try selection(rows, shape: shape, in: dataset, path: path)
      let status = unsafe values.withUnsafeBufferPointer { buffer in
        unsafe H5Dwrite(
          dataset.raw, Element.elementKind.native, transfer.memory.raw, transfer.file.raw,
          mole_h5_default(), buffer.baseAddress)
      }
      guard status >= 0 else { throw failedToWrite() }
    }
  }

  /// Makes a one-dimensional dataset of texts of fixed length, as robomimic's masks are.
  package func writeStrings(_ texts: [String], to path: String) throws {
    let size = max(1, texts.map(\.utf8.count).max() ?? 1)
    var bytes: [UInt8] = []
    for text in texts {
      bytes += text.utf8
      bytes += [UInt8](repeating: 0, count: size - text.utf8.count)
    }
    try Library.locked(for: filePath) {
      let type = try textType(size: size, padding: H5T_STR_NULLPAD)
      let creation = try datasetCreation(chunk: nil, compression: 0)
      let space = try Identifier(
        simpleSpace([texts.count]), closing: H5Sclose, orThrow: failedToWrite())
      try makeGroups(path.split(separator: "/").dropLast())
      let dataset = try Identifier(
        unsafe H5Dcreate2(
          handle, path, type.raw, space.raw, mole_h5_default(), creation.raw,
          mole_h5_default()),
        closing: H5Dclose, orThrow: failedToWrite())
      guard !texts.isEmpty else { return }
      let status = unsafe bytes.withUnsafeBytes { buffer in
        unsafe H5Dwrite(
          dataset.raw, type.raw, mole_h5_all(), mole_h5_all(), mole_h5_default(),
          buffer.baseAddress)
      }
      guard status >= 0 else { throw failedToWrite() }
    }
  }

  /// Writes an attribute of the object at `path`; it must not exist yet.
  ///
  /// - Throws: `HDF5Error.cannotWrite`.
  package func writeAttribute(_ name: String, _ value: HDF5Value, to path: String) throws {
    try Library.locked(for: filePath) {
      switch value {
      case .integer(let number): try writeNumbers([number], [], name, path)
      case .unsigned(let number): try writeNumbers([number], [], name, path)
      case .real(let number): try writeNumbers([number], [], name, path)
      case .integers(let numbers): try writeNumbers(numbers, [numbers.count], name, path)
      case .reals(let numbers): try writeNumbers(numbers, [numbers.count], name, path)
      case .text(let text): try writeTexts([text], [], name, path)
      case .texts(let texts): try writeTexts(texts, [texts.count], name, path)
      }
    }
  }

  private func failedToWrite(_ reason: String = Library.message) -> HDF5Error {
    .cannotWrite(filePath, library: reason)
  }

  private func createAttribute(
    _ name: String, of object: hid_t, type: hid_t, shape: [Int]
  ) throws(HDF5Error) -> Identifier {
    let space = try Identifier(simpleSpace(shape), closing: H5Sclose, orThrow: failedToWrite())
    return try Identifier(
      unsafe H5Acreate2(object, name, type, space.raw, mole_h5_default(), mole_h5_default()),
      closing: H5Aclose, orThrow: failedToWrite())
  }

  private func writeNumbers<Element: HDF5Element>(
    _ values: [Element], _ shape: [Int], _ name: String, _ path: String
  ) throws {
    let object = try open(path)
    let type = Element.elementKind.native
    let attribute = try createAttribute(name, of: object.raw, type: type, shape: shape)
    guard !values.isEmpty else { return }
    let status = unsafe values.withUnsafeBufferPointer { buffer in
      unsafe H5Awrite(attribute.raw, type, buffer.baseAddress)
    }
    guard status >= 0 else { throw failedToWrite() }
  }

  /// Texts of variable length in UTF-8, as h5py writes and reads them.
  private func writeTexts(
    _ texts: [String], _ shape: [Int], _ name: String, _ path: String
  ) throws {
    let object = try open(path)
    let type = try textType(size: mole_h5_variable(), padding: H5T_STR_NULLTERM)
    let attribute = try createAttribute(name, of: object.raw, type: type.raw, shape: shape)
    guard !texts.isEmpty else { return }
    let bytes = texts.map { Array($0.utf8) + [0] }
    let joined = bytes.flatMap(\.self)
    let status = unsafe joined.withUnsafeBufferPointer { buffer in
      var offset = 0
      var pointers: [UnsafePointer<UInt8>?] = unsafe []
      for text in bytes {
        unsafe pointers.append(buffer.baseAddress.map { unsafe $0 + offset })
        offset += text.count
      }
      return unsafe pointers.withUnsafeBufferPointer { list in
        unsafe H5Awrite(attribute.raw, type.raw, list.baseAddress)
      }
    }
    guard status >= 0 else { throw failedToWrite() }
  }

  private func textType(size: Int, padding: H5T_str_t) throws(HDF5Error) -> Identifier {
    let type = try Identifier(
      H5Tcopy(mole_h5_string()), closing: H5Tclose, orThrow: failedToWrite())
    guard H5Tset_size(type.raw, size) >= 0, H5Tset_strpad(type.raw, padding) >= 0,
      H5Tset_cset(type.raw, H5T_CSET_UTF8) >= 0
    else { throw failedToWrite() }
    return type
  }

  /// Makes the groups along a path that are not there yet.
  private func makeGroups(_ names: some Collection<Substring>) throws(HDF5Error) {
    let creation = try Identifier(
      H5Pcreate(mole_h5_group_create()), closing: H5Pclose, orThrow: failedToWrite())
    guard H5Pset_obj_track_times(creation.raw, false) >= 0 else { throw failedToWrite() }
    var path = ""
    for name in names {
      path += path.isEmpty ? name : "/" + name
      guard unsafe H5Lexists(handle, path, mole_h5_default()) <= 0 else { continue }
      _ = try Identifier(
        unsafe H5Gcreate2(handle, path, mole_h5_default(), creation.raw, mole_h5_default()),
        closing: H5Gclose, orThrow: failedToWrite())
    }
  }

  private func datasetCreation(chunk: [Int]?, compression: Int) throws(HDF5Error) -> Identifier {
    let list = try Identifier(
      H5Pcreate(mole_h5_dataset_create()), closing: H5Pclose, orThrow: failedToWrite())
    guard H5Pset_obj_track_times(list.raw, false) >= 0 else { throw failedToWrite() }
    guard let chunk else { return list }
    let extents = chunk.map(hsize_t.init)
    let status = unsafe extents.withUnsafeBufferPointer { buffer in
      unsafe H5Pset_chunk(list.raw, Int32(buffer.count), buffer.baseAddress)
    }
    guard status >= 0,
      compression == 0 || H5Pset_deflate(list.raw, UInt32(clamping: compression)) >= 0
    else { throw failedToWrite() }
    return list
  }
}
