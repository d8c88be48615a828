internal import COneDNN
import Foundation

/// A weight in oneDNN's own layout.
@safe final class PackedWeight: @unchecked Sendable {
  // Written in `init` only.
  private let memory: UnsafeMutableRawPointer
  /// One factor an output channel, for bytes.
  let scales: [Float]

  private static let hugePage = 1 << 21

  /// Lays a stored weight out for products of `precision`.
  ///
  /// - Returns: `nil` where oneDNN has no such product.
  init?(_ stored: any StoredWeight, outer: Int, inner: Int, precision: Precision) {
    let shape = ProductShape(
      rows: 1, inner: inner, outer: outer, source: ProductElement(precision), result: .float32,
      hasBias: false, finish: .store)
    guard let engine = OneDNN.shared, let plan = ProductPlan.plan(for: shape) else { return nil }
    ComputeThreads.announce(ComputeThreads.count(forWork: inner * outer))
    // Large pages: fewer faults while it is written, fewer misses while it is read.
    let byteCount = plan.weightByteCount
    let alignment = byteCount >= PackedWeight.hugePage ? PackedWeight.hugePage : 64
    unsafe memory = .allocate(byteCount: byteCount, alignment: alignment)
    if alignment == PackedWeight.hugePage {
      unsafe _ = madvise(memory, byteCount, MADV_HUGEPAGE)
    }
    let plain = PlainWeight(stored, rows: outer, columns: inner, for: precision)
    scales = plain.scales
    let target = unsafe memory
    let packed = unsafe plain.withElements { elements, element in
      unsafe mole_weight_pack(
        engine.engine, engine.stream, Int64(inner), Int64(outer), element.rawValue, elements,
        ProductElement(precision).rawValue, target, byteCount) == 0
    }
    stored.releasePages()
    // All members have their values by now, so `deinit` runs here too and gives the memory back.
    guard packed else { return nil }
  }

  deinit { unsafe memory.deallocate() }

  var elements: UnsafeRawPointer { unsafe UnsafeRawPointer(memory) }
}

/// A stored weight in a type that oneDNN reads: where it lies if it can be, else a converted copy.
private enum PlainWeight {
  case stored(any StoredWeight, ProductElement)
  case floats([Float])
  case bytes([Int8], scales: [Float])

  init(_ stored: any StoredWeight, rows: Int, columns: Int, for precision: Precision) {
    switch (stored.element, precision) {
    case (.float32, .float32), (.float32, .bfloat16): self = .stored(stored, .float32)
    case (.bfloat16, .bfloat16), (.bfloat16, .float32): self = .stored(stored, .bfloat16)
    case (.int8, .int8): self = .stored(stored, .int8)
    case (_, .int8):
      let (bytes, scales) = stored.quantized(rows: rows, columns: columns)
      self = .bytes(bytes, scales: scales)
    case (.float16, _), (.float64, _), (.int8, _):
      self = .floats(stored.floats(rows: 0..<rows, columns: columns))
    }
  }

  var scales: [Float] {
    switch self {
    case .stored(let stored, _): stored.scales
    case .floats: []
    case .bytes(_, let scales): scales
    }
  }

  func withElements(_ body: (UnsafeRawPointer, ProductElement) -> Bool) -> Bool {
    var done = false
    func call(_ bytes: UnsafeRawBufferPointer, _ element: ProductElement) {
      guard let start = bytes.baseAddress else { return }
      done = unsafe body(start, element)
    }
    switch self {
    case .stored(let stored, let element):
      stored.withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe call($0, element) } }
    case .floats(let floats): unsafe floats.withUnsafeBytes { unsafe call($0, .float32) }
    case .bytes(let bytes, _): unsafe bytes.withUnsafeBytes { unsafe call($0, .int8) }
    }
    return done
  }
}
