internal import CHDF5

extension HDF5File {
  /// The data spaces of a transfer: one for memory of `shape`, one for the dataset with `rows`
  /// selected (all when `nil`).
  func selection(
    _ rows: [Int]?, shape: [Int], in dataset: borrowing Identifier, path: String
  ) throws(HDF5Error) -> Transfer {
    let file = try Identifier(H5Dget_space(dataset.raw), closing: H5Sclose, orThrow: damaged(path))
    if let rows {
      try select(rows, of: shape, in: file, path: path)
    }
    let memory = try Identifier(simpleSpace(shape), closing: H5Sclose, orThrow: damaged(path))
    return Transfer(memory: memory, file: file)
  }

  /// Selects runs of consecutive rows, so that a chunk of many rows is unpacked once.
  private func select(
    _ rows: [Int], of shape: [Int], in space: borrowing Identifier, path: String
  ) throws(HDF5Error) {
    var operation = H5S_SELECT_SET
    var start = rows.startIndex
    while start < rows.endIndex {
      var end = start + 1
      while end < rows.endIndex, rows[end] == rows[end - 1] + 1 { end += 1 }
      let offset = [rows[start]] + [Int](repeating: 0, count: shape.count - 1)
      let extent = [end - start] + shape.dropFirst()
      guard selectBox(offset, extent, operation, in: space) >= 0 else { throw damaged(path) }
      operation = H5S_SELECT_OR
      start = end
    }
  }

  func selectBox(
    _ offset: [Int], _ extent: [Int], _ operation: H5S_seloper_t, in space: borrowing Identifier
  ) -> herr_t {
    let offset = offset.map(hsize_t.init)
    let extent = extent.map(hsize_t.init)
    let raw = space.raw
    return unsafe offset.withUnsafeBufferPointer { from in
      unsafe extent.withUnsafeBufferPointer { size in
        unsafe H5Sselect_hyperslab(
          raw, operation, from.baseAddress, nil, size.baseAddress, nil)
      }
    }
  }

  /// A new data space; a scalar when `shape` is empty.
  func simpleSpace(_ shape: [Int]) -> hid_t {
    guard !shape.isEmpty else { return H5Screate(H5S_SCALAR) }
    let extents = shape.map(hsize_t.init)
    return unsafe extents.withUnsafeBufferPointer { buffer in
      unsafe H5Screate_simple(Int32(buffer.count), buffer.baseAddress, nil)
    }
  }
}

/// Where a transfer's elements lie, in memory and in the file.
struct Transfer: ~Copyable {
  let memory: Identifier
  let file: Identifier
}
