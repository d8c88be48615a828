internal import Files

extension MachineMemory {
  /// For tokens, scores, generated code and what the libraries take for themselves.
  private static let margin = 1 << 30

  /// - Throws: `BenchmarkError.tooLarge` where so many bytes of weights do not fit.
  static func check(weights byteCount: Int) throws(BenchmarkError) {
    let (needed, available) = (byteCount + margin, available)
    guard needed < available else {
      throw .tooLarge(gigabytes: needed >> 30, available: available >> 30)
    }
  }
}
