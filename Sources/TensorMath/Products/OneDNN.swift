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

  static var isPresent: Bool { shared != nil }

  /// The version, and the code that products of each precision run on here.
  static var description: String {
    guard let version = unsafe dnnl_version()?.pointee else { return "absent" }
    let number = unsafe "\(version.major).\(version.minor).\(version.patch)"
    let codes = Precision.allCases.map { precision in
      let shape = ProductShape(
        rows: 64, inner: 256, outer: 256, source: ProductElement(precision), result: .float32,
        hasBias: false, finish: .store)
      let code = precision.isNative ? ProductPlan.plan(for: shape)?.implementation : nil
      return "\(precision.rawValue) \(code ?? "in 32-bit floats")"
    }
    return "\(number) (\(codes.joined(separator: ", ")))"
  }
}
