internal import CHDF5

/// What a dataset declares about itself.
package struct HDF5Dataset: Equatable, Sendable {
  /// Row-major extents; empty for a scalar.
  package let shape: [Int]
  package let type: HDF5Type
  /// The extents of one chunk; `nil` when the data lie in one piece.
  package let chunk: [Int]?
  /// The filters in the order of writing, such as `shuffle`, `gzip`.
  package let filters: [String]
  /// The bytes on disk.
  package let storedByteCount: Int

  /// The number of elements; `nil` when it does not fit an `Int`.
  package var elementCount: Int? { product(shape) }
}

/// The product of extents; `nil` on overflow or a negative extent.
func product(_ factors: [Int]) -> Int? {
  var result = 1
  for factor in factors {
    let (next, overflow) = result.multipliedReportingOverflow(by: factor)
    guard !overflow, factor >= 0 else { return nil }
    result = next
  }
  return result
}

extension HDF5File {
  /// A chunk is unpacked as a whole, so its size is bounded as well.
  private static let chunkLimit = 1 << 28

  /// Describes the dataset at `path`, without reading its data.
  ///
  /// - Throws: `HDF5Error` when there is none or its description is damaged.
  package func dataset(at path: String) throws -> HDF5Dataset {
    try Library.locked(for: filePath) { try describe(openDataset(path), path: path) }
  }

  /// Reads numbers, all of a dataset or some of its rows, converted to `Element`.
  ///
  /// - Parameters:
  ///   - path: The dataset's path.
  ///   - rows: Indices along the first dimension, increasing; `nil` reads all.
  ///   - limit: The most bytes to reserve for the result.
  /// - Returns: The elements in row-major order.
  /// - Throws: `HDF5Error` when the dataset is missing, damaged, larger than `limit`, or holds
  ///   what does not fit `Element` (see `HDF5ElementKind.canHold`).
  package func read<Element: HDF5Element>(
    _ path: String, as: Element.Type = Element.self, rows: [Int]? = nil,
    limit: Int = HDF5File.readLimit
  ) throws -> [Element] {
    try Library.locked(for: filePath) {
      let dataset = try openDataset(path)
      let facts = try describe(dataset, path: path)
      guard Element.elementKind.canHold(facts.type) else {
        throw HDF5Error.wrongType(
          path, file: filePath, expected: Element.elementKind.rawValue,
          found: facts.type.description)
      }
      let size = MemoryLayout<Element>.stride
      let shape = try shapeOfSelection(rows, in: facts, path: path)
      let count = try checkedCount(shape, elementSize: size, facts, path: path, limit: limit)
      guard count > 0 else { return [] }
      let transfer = try selection(rows, shape: shape, in: dataset, path: path)
      return try unsafe [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
        let status = unsafe H5Dread(
          dataset.raw, Element.elementKind.native, transfer.memory.raw, transfer.file.raw,
          mole_h5_default(), buffer.baseAddress)
        guard status >= 0 else { throw damaged(path) }
        initialized = count
      }
    }
  }

  func damaged(_ path: String) -> HDF5Error {
    .damaged(path, file: filePath, library: Library.message)
  }

  func openDataset(_ path: String) throws(HDF5Error) -> Identifier {
    let object = try open(path)
    guard H5Iget_type(object.raw) == H5I_DATASET else {
      throw .wrongKind(path, file: filePath, expected: "a dataset", found: "not a dataset")
    }
    return object
  }

  /// Describes an open dataset; its storage is looked at first, as a virtual dataset opens other
  /// files when it is asked for its shape.
  func describe(_ dataset: borrowing Identifier, path: String) throws(HDF5Error) -> HDF5Dataset {
    let creation = try Identifier(
      H5Dget_create_plist(dataset.raw), closing: H5Pclose, orThrow: damaged(path))
    let layout = H5Pget_layout(creation.raw)
    guard layout != H5D_VIRTUAL else {
      throw .refusedStorage(path, file: filePath, what: "other files (a virtual dataset)")
    }
    guard H5Pget_external_count(creation.raw) <= 0 else {
      throw .refusedStorage(path, file: filePath, what: "external files")
    }
    let space = try Identifier(H5Dget_space(dataset.raw), closing: H5Sclose, orThrow: damaged(path))
    let type = try Identifier(H5Dget_type(dataset.raw), closing: H5Tclose, orThrow: damaged(path))
    let shape = try extents(of: space, path: path)
    return HDF5Dataset(
      shape: shape, type: HDF5Type(describing: type.raw),
      chunk: layout == H5D_CHUNKED
        ? try chunkExtents(of: creation, rank: shape.count, path: path) : nil,
      filters: try filters(of: creation, path: path),
      storedByteCount: Int(clamping: H5Dget_storage_size(dataset.raw)))
  }

  /// The extents of a data space: empty for a scalar, `[0]` for a null space.
  func extents(of space: borrowing Identifier, path: String) throws(HDF5Error) -> [Int] {
    if H5Sget_simple_extent_type(space.raw) == H5S_NULL { return [0] }
    let rank = H5Sget_simple_extent_ndims(space.raw)
    guard rank >= 0, rank <= 32 else { throw damaged(path) }
    guard rank > 0 else { return [] }
    var extents = [hsize_t](repeating: 0, count: Int(rank))
    let raw = space.raw
    let status = unsafe extents.withUnsafeMutableBufferPointer { buffer in
      unsafe H5Sget_simple_extent_dims(raw, buffer.baseAddress, nil)
    }
    guard status == rank else { throw damaged(path) }
    return extents.map { Int(clamping: $0) }
  }

  private func chunkExtents(
    of creation: borrowing Identifier, rank: Int, path: String
  ) throws(HDF5Error) -> [Int] {
    var extents = [hsize_t](repeating: 0, count: max(rank, 1))
    let raw = creation.raw
    let found = unsafe extents.withUnsafeMutableBufferPointer { buffer in
      unsafe H5Pget_chunk(raw, Int32(buffer.count), buffer.baseAddress)
    }
    guard Int(found) == rank else { throw damaged(path) }
    return extents.map { Int(clamping: $0) }
  }

  private func filters(
    of creation: borrowing Identifier, path: String
  ) throws(HDF5Error) -> [String] {
    var names: [String] = []
    let count = H5Pget_nfilters(creation.raw)
    guard count >= 0, count <= 32 else { throw damaged(path) }
    for index in 0..<UInt32(count) {
      var text = [CChar](repeating: 0, count: 128)
      let raw = creation.raw
      let identity = unsafe text.withUnsafeMutableBufferPointer { buffer in
        unsafe mole_h5_filter(raw, index, buffer.baseAddress, buffer.count - 1)
      }
      let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      names.append(filterName(identity, given: String(decoding: bytes, as: UTF8.self)))
    }
    return names
  }

  private func filterName(_ identity: Int32, given name: String) -> String {
    switch identity {
    case 1: "gzip"
    case 2: "shuffle"
    case 3: "fletcher32"
    default: name.isEmpty ? "number \(identity)" : "'\(name)' (number \(identity))"
    }
  }

  private func shapeOfSelection(
    _ rows: [Int]?, in facts: HDF5Dataset, path: String
  ) throws(HDF5Error) -> [Int] {
    guard let rows else { return facts.shape }
    precondition(zip(rows, rows.dropFirst()).allSatisfy(<), "rows must increase")
    guard let rowCount = facts.shape.first else {
      throw .wrongKind(path, file: filePath, expected: "an array", found: "a single value")
    }
    if let last = rows.last, last >= rowCount || rows[0] < 0 {
      throw .noSuchRows(path, file: filePath, last: last, rowCount: rowCount)
    }
    return [rows.count] + facts.shape.dropFirst()
  }

  /// The number of elements to read, after every size that the file claims was compared.
  func checkedCount(
    _ shape: [Int], elementSize: Int, _ facts: HDF5Dataset, path: String, limit: Int
  ) throws(HDF5Error) -> Int {
    let byteCount = product(shape + [elementSize])
    guard let byteCount, byteCount <= limit, let count = product(shape) else {
      throw .tooLarge(path, file: filePath, byteCount: byteCount, limit: limit)
    }
    if let chunk = facts.chunk {
      let chunkBytes = product(chunk + [facts.type.byteCount])
      guard let chunkBytes, chunkBytes <= HDF5File.chunkLimit else {
        throw .tooLarge(
          path, file: filePath, byteCount: chunkBytes, limit: HDF5File.chunkLimit)
      }
    } else if count > 0, facts.storedByteCount > 0 {
      let promised = product(facts.shape + [facts.type.byteCount]) ?? .max
      guard facts.storedByteCount >= promised else {
        throw .lyingSize(
          path, file: filePath, promised: promised, stored: facts.storedByteCount)
      }
    }
    let known = ["gzip", "shuffle", "fletcher32"]
    if let filter = facts.filters.first(where: { !known.contains($0) }) {
      throw .unsupportedFilter(path, file: filePath, filter: filter)
    }
    return count
  }
}
