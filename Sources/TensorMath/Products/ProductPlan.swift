internal import COneDNN
import Synchronization

/// The element types that oneDNN's products read and write here.
enum ProductElement: Int32, Sendable {
  case float32 = 0
  case bfloat16 = 1
  case int8 = 2

  init(_ precision: Precision) {
    switch precision {
    case .float32: self = .float32
    case .bfloat16: self = .bfloat16
    case .int8: self = .int8
    }
  }
}

/// What happens to a sum before it is stored; the raw values are the door's.
enum ProductFinish: Int32, Sendable {
  case store = 0
  /// Added to what the result holds.
  case add = 1
  /// Times another matrix of the result's shape and type.
  case multiply = 2
  case silu = 3
  case gelu = 4
  case geluTanh = 5

  init(_ activation: Activation?) {
    switch activation {
    case nil: self = .store
    case .silu: self = .silu
    case .gelu: self = .gelu
    case .geluTanh: self = .geluTanh
    }
  }
}

/// How a weight, `[inner, outer]`, lies in memory; the raw values are the door's.
enum WeightLayout: Int32, Sendable {
  /// As oneDNN likes best.
  case own = 0
  /// Row by row.
  case plain = 1
  /// Column by column.
  case transposed = 2
}

/// Everything that oneDNN prepares a product for.
struct ProductShape: Hashable, Sendable {
  var rows: Int
  var inner: Int
  var outer: Int
  var source: ProductElement
  var result: ProductElement
  var hasBias: Bool
  var finish: ProductFinish
  var transposesSource = false
  var weight = WeightLayout.own

  var multiplyAccumulates: Int { rows * inner * outer }
}

/// A product that oneDNN has generated code for.
@safe final class ProductPlan: @unchecked Sendable {
  // Never changed after `init`; running a plan reads it only.
  private let handle: UnsafeMutablePointer<mole_product>
  private let engine: OneDNN
  private let threadCount: Int

  private init?(_ shape: ProductShape, threadCount: Int) {
    guard let engine = OneDNN.shared else { return nil }
    ComputeThreads.announce(threadCount)
    let made = unsafe mole_product_create(
      engine.engine,
      mole_product_shape(
        rows: Int64(shape.rows), inner: Int64(shape.inner), outer: Int64(shape.outer),
        source: shape.source.rawValue, result: shape.result.rawValue,
        has_bias: shape.hasBias ? 1 : 0, finish: shape.finish.rawValue,
        source_transposed: shape.transposesSource ? 1 : 0, weight: shape.weight.rawValue))
    guard let made = unsafe made else { return nil }
    unsafe handle = made
    self.engine = engine
    self.threadCount = threadCount
  }

  deinit { unsafe mole_product_destroy(handle) }

  /// The bytes of the weight in the layout that this product reads.
  var weightByteCount: Int { unsafe handle.pointee.weight_bytes }

  /// oneDNN's name of the code, such as `brg:avx512_core_bf16`.
  var implementation: String {
    unsafe withUnsafePointer(to: handle.pointee.implementation) { name in
      unsafe name.withMemoryRebound(to: CChar.self, capacity: 64) { unsafe String(cString: $0) }
    }
  }

  /// Runs the product.
  ///
  /// - Precondition: Every buffer is as large as the shape says and lies as it says.
  func run(
    source: UnsafeRawPointer, weight: UnsafeRawPointer, bias: UnsafePointer<Float>?,
    other: UnsafeRawPointer?, result: UnsafeMutableRawPointer, workspace: inout Workspace
  ) {
    ComputeThreads.announce(threadCount)
    let status = unsafe workspace.withBytes(handle.pointee.scratch_bytes) { scratch in
      unsafe mole_product_run(
        handle, engine.engine, engine.stream, source, weight, bias, other, scratch, result)
    }
    precondition(status == 0, "oneDNN could not run a product (status \(status))")
  }

  private static let known = Mutex<[Key: ProductPlan]>([:])

  /// Rare shapes (long prompts, odd batches) must not fill the memory with generated code.
  private static let knownLimit = 1024

  private struct Key: Hashable {
    var shape: ProductShape
    var threadCount: Int
  }

  /// The plan for a shape, made once; `nil` where oneDNN has no such product.
  static func plan(for shape: ProductShape) -> ProductPlan? {
    let threads = ComputeThreads.count(forWork: shape.multiplyAccumulates)
    let key = Key(shape: shape, threadCount: threads)
    return known.withLock { known in
      if let plan = known[key] { return plan }
      guard let plan = ProductPlan(shape, threadCount: threads) else { return nil }
      if known.count >= knownLimit { known.removeAll() }
      known[key] = plan
      return plan
    }
  }
}
