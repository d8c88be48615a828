internal import Checkpoints
internal import Foundation
internal import Manipulation
internal import NeuralLayers
internal import TensorMath

/// Turns keys into layers with the weights of one source, a checkpoint as a rule.
///
/// The weights of linear maps are not read here: they stay where they are, in a mapped file, until
/// their first product. A layer that is never run is never read.
struct ParameterLoader {
  let source: any ParameterSource
  /// What products run in; `nil` is what suits the stored type.
  let precision: Precision?

  /// - Parameter quantizing: Whether `int8` is meant for this map as well: not where a decision
  ///   hangs on small differences (routers, the language head).
  func linear(_ key: LinearKey, quantizing: Bool = true) throws -> Linear {
    let weight = try weight(
      key.weightName, shape: key.weightShape ?? [key.outputWidth, key.inputWidth])
    let wanted = wanted(quantizing: quantizing) ?? weight.element.precision
    return Linear(
      PreparedWeight(
        weight, outputWidth: key.outputWidth, inputWidth: key.inputWidth, precision: wanted),
      bias: key.hasBias ? try source.floats(key.biasName, shape: [key.outputWidth]) : nil)
  }

  /// Refuses a model whose weights do not fit into this machine's memory as they will lie there.
  ///
  /// - Throws: `PolicyError.tooLarge`.
  func checkMemory(for configuration: some ModelConfiguration) throws {
    let quantizable = Set(configuration.quantizableWeights.map(\.name))
    let byteCount = try configuration.parameters.reduce(0) { sum, parameter in
      let stored = try source.elementType(of: parameter.name)
      let wanted = wanted(quantizing: quantizable.contains(parameter.name))
      return sum + parameter.count * elementByteCount(of: stored, for: wanted)
    }
    let available = Int(ProcessInfo.processInfo.physicalMemory)
    guard byteCount < available else {
      throw PolicyError.tooLarge(
        gigabytes: byteCount >> 30, available: available >> 30, folder: source.path)
    }
  }

  /// Refuses a model of whose parts one would run in several types: the layers of a stack hand on
  /// tokens of one type.
  ///
  /// - Throws: `PolicyError.mixedTypes`.
  func checkTypes(of configuration: some ModelConfiguration) throws {
    let quantizable = Set(configuration.quantizableWeights.map(\.name))
    var first: [PolicyPart: (name: String, precision: Precision)] = [:]
    for parameter in configuration.parameters {
      let isQuantizable = quantizable.contains(parameter.name)
      guard isQuantizable || parameter.part == .router && parameter.shape.count == 2 else {
        continue
      }
      let stored = StoredElement(try source.elementType(of: parameter.name))?.precision
      let own = wanted(quantizing: isQuantizable) ?? stored ?? .float32
      let other = first[parameter.part] ?? (name: parameter.name, precision: own)
      guard other.precision == own else {
        throw PolicyError.mixedTypes([other.name, parameter.name], folder: source.path)
      }
      first[parameter.part] = other
    }
  }

  /// What was asked for, as far as it is meant for such a weight.
  private func wanted(quantizing: Bool) -> Precision? {
    precision == .int8 && !quantizing ? nil : precision
  }

  private func elementByteCount(of stored: ElementType, for wanted: Precision?) -> Int {
    let precision = wanted ?? StoredElement(stored)?.precision ?? .float32
    guard precision.isNative else { return stored.byteCount }
    return switch precision {
    case .float32: 4
    case .bfloat16: 2
    case .int8: 1
    }
  }

  /// What the products of a map are meant to run in, whether the processor can or not.
  func wantedPrecision(_ key: LinearKey) throws -> Precision {
    try precision ?? StoredElement(source.elementType(of: key.weightName))?.precision ?? .float32
  }

  func norm(_ key: NormKey, epsilon: Float) throws -> LayerNorm {
    LayerNorm(
      weight: try source.floats("\(key.name).weight", shape: [key.width]),
      bias: try source.floats("\(key.name).bias", shape: [key.width]), epsilon: epsilon)
  }

  func vector(_ key: TensorKey) throws -> [Float] {
    try source.floats(key.name, shape: key.shape)
  }

  /// The tensor as rows of `columns` values.
  func matrix(_ key: TensorKey, columns: Int) throws -> Matrix {
    let values = try source.floats(key.name, shape: key.shape)
    return Matrix(rows: values.count / columns, columns: columns, elements: values)
  }

  /// A table whose rows are looked up where it is stored.
  func table(_ key: TensorKey) throws -> any StoredWeight {
    try weight(key.name, shape: key.shape)
  }

  private func weight(_ name: String, shape: [Int]) throws -> SourceWeight {
    let found = try source.shape(of: name)
    guard found == shape else {
      throw CheckpointError.wrongShape(
        name, archive: source.path, expected: shape, found: found)
    }
    let type = try source.elementType(of: name)
    guard let element = StoredElement(type) else {
      throw CheckpointError.wrongElementType(
        name, archive: source.path, expected: "floating-point or I8", found: type.rawValue)
    }
    let scales = element == .int8 ? try scales(of: name, rowCount: shape[0]) : []
    return SourceWeight(source: source, name: name, element: element, scales: scales)
  }

  private func scales(of weight: String, rowCount: Int) throws -> [Float] {
    let name = TensorArchive.scaleName(of: weight)
    let scales = try source.floats(name, shape: [rowCount, 1])
    guard scales.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw CheckpointError.badScales(name, archive: source.path)
    }
    return scales
  }
}

/// A weight where its source keeps it.
private struct SourceWeight: StoredWeight {
  let source: any ParameterSource
  let name: String
  let element: StoredElement
  let scales: [Float]

  func withBytes(_ body: (RawSpan) -> Void) {
    do {
      try source.withBytes(name) { body($0) }
    } catch {
      preconditionFailure("a tensor that was there is gone: \(error)")
    }
  }

  func releasePages() { try? source.releasePages(of: name) }
}

extension StoredElement {
  fileprivate init?(_ type: ElementType) {
    switch type {
    case .float32: self = .float32
    case .bfloat16: self = .bfloat16
    case .float16: self = .float16
    case .float64: self = .float64
    case .int8: self = .int8
    case .int64, .int32, .int16, .uint8, .bool: return nil
    }
  }

  /// The products that lose nothing of what is stored.
  fileprivate var precision: Precision {
    switch self {
    case .float32, .float16, .float64: .float32
    case .bfloat16: .bfloat16
    case .int8: .int8
    }
  }
}
