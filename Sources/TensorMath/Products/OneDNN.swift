internal import COneDNN

/// oneDNN's engine for this processor.
@safe struct OneDNN: @unchecked Sendable {
  // Both are constant after they are made, and oneDNN allows many threads to use them at once.
  let engine: dnnl_engine_t
  let stream: dnnl_stream_t

  /// `nil` where the library cannot start.
  static let shared: OneDNN? = {
    guard let engine = unsafe mole_dnnl_engine(), let stream = unsafe mole_dnnl_stream(engine)
    else { return nil }
    return unsafe OneDNN(engine: engine, stream: stream)
  }()

  /// Whether products of 32-bit floats have blocked code made for this processor, whose sums do not
  /// depend on how many tokens there are; elsewhere OpenBLAS computes them.
  static let multipliesFloats = code(for: .float32)?.contains("brg") == true

  /// Whether products of bfloat16 run on instructions for it, and not on conversions.
  static let multipliesBFloat16 =
    code(for: .bfloat16).map {
      $0.contains("bf16") || $0.contains("amx")
    } ?? false

  /// Whether sums of products of bytes are exact: without such instructions they saturate on the way.
  static let multipliesBytes =
    code(for: .int8).map {
      $0.contains("vnni") || $0.contains("amx")
    } ?? false

  /// oneDNN's name of the code that it would run a product on; `nil` where it has none.
  private static func code(for precision: Precision) -> String? {
    let shape = ProductShape(
      rows: 64, inner: 256, outer: 256, source: ProductElement(precision), result: .float32,
      hasBias: false, finish: .store)
    return ProductPlan.plan(for: shape)?.implementation
  }

  /// The version, and the code that products of each precision run on here.
  static var description: String {
    guard let version = unsafe dnnl_version()?.pointee else { return "absent" }
    let number = unsafe "\(version.major).\(version.minor).\(version.patch)"
    let codes = Precision.allCases.map { precision in
      let runs = precision == .float32 ? multipliesFloats : precision.isNative
      return "\(precision.rawValue) \(runs ? code(for: precision) ?? "" : "on OpenBLAS")"
    }
    return "\(number) (\(codes.joined(separator: ", ")))"
  }
}
