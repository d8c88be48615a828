internal import Checkpoints
internal import Manipulation
internal import TensorMath

/// Made-up tensors, for measuring how long a model takes: time does not depend on the values.
///
/// Every weight is a window into one block of pseudo-random numbers, from an offset that its name
/// gives. So a model takes no memory but the block's until its weights are laid out for products.
struct RandomParameters: ParameterSource {
  let path = "random weights"
  private let parameters: [String: Parameter]
  private let bytes: RandomBlock?
  private let numbers: RandomBlock
  private let quantized: Set<String>

  /// - Parameter precision: That of the products; what an int8 checkpoint keeps as it is, is bf16.
  init(_ configuration: Configuration, precision: Precision) {
    let all = configuration.parameters
    parameters = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
    let largest = all.map(\.count).max() ?? 0
    quantized = precision == .int8 ? Set(configuration.quantizableWeights.map(\.name)) : []
    bytes = precision == .int8 ? RandomBlock(.int8, count: largest) : nil
    numbers = RandomBlock(precision == .float32 ? .float32 : .bfloat16, count: largest)
  }

  func shape(of name: String) throws -> [Int] { try parameter(name).shape }

  func elementType(of name: String) throws -> ElementType {
    quantized.contains(name) ? .int8 : numbers.element
  }

  func floats(_ name: String, shape: [Int]?) throws -> [Float] {
    guard let parameter = parameters[name] else {
      // The scales of a weight of bytes, one an output channel.
      return [Float](repeating: RandomBlock.limit / 127, count: (shape ?? []).reduce(1, *))
    }
    switch parameter.start {
    case .constant(let value): return [Float](repeating: value, count: parameter.count)
    case .normal(let deviation):
      var generator = SeededGenerator(seed: SeededGenerator.derive(0, [name]))
      return (0..<parameter.count).map { _ in deviation * generator.gaussian() }
    }
  }

  func withBytes<Result>(
    _ name: String, _ body: (RawSpan) throws -> Result
  ) throws -> Result {
    let block = quantized.contains(name) ? bytes ?? numbers : numbers
    return try block.withWindow(name, count: try parameter(name).count, body)
  }

  func releasePages(of name: String) throws {}

  private func parameter(_ name: String) throws -> Parameter {
    guard let parameter = parameters[name] else {
      throw CheckpointError.missingTensor(name, archive: path)
    }
    return parameter
  }
}

/// Pseudo-random numbers of one type, none of them zero or tiny.
private struct RandomBlock: Sendable {
  /// Numbers lie between this and its negative, even, so that their deviation is 0.02, as language
  /// models are initialised.
  static let limit: Float = 0.0346

  let element: ElementType
  private let bytes: [UInt8]

  /// Numbers until they repeat.
  private static let period = 1 << 20
  /// Windows begin at one of so many numbers.
  private static let offsetCount = 4096

  /// - Parameter count: The length of the longest window.
  init(_ element: ElementType, count: Int) {
    self.element = element
    let pattern = RandomBlock.pattern(of: element)
    let byteCount = (count + RandomBlock.offsetCount) * element.byteCount
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    while bytes.count < byteCount {
      bytes.append(contentsOf: pattern.prefix(byteCount - bytes.count))
    }
    self.bytes = bytes
  }

  func withWindow<Result>(
    _ name: String, count: Int, _ body: (RawSpan) throws -> Result
  ) rethrows -> Result {
    let hash = name.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    let start = Int(hash) % RandomBlock.offsetCount * element.byteCount
    return try body(bytes.span.bytes.extracting(start..<start + count * element.byteCount))
  }

  private static func pattern(of element: ElementType) -> [UInt8] {
    var generator = SeededGenerator(seed: 1)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(period * element.byteCount)
    for _ in 0..<period {
      let drawn = UInt32(truncatingIfNeeded: generator.next() >> 32)
      if element == .int8 {
        bytes.append(UInt8(bitPattern: max(-127, Int8(truncatingIfNeeded: drawn >> 24))))
      } else {
        let number = limit * (Float(drawn >> 16) - 32767.5) / 32768
        for byte in 4 - element.byteCount..<4 {
          bytes.append(UInt8(truncatingIfNeeded: number.bitPattern >> (8 * byte)))
        }
      }
    }
    return bytes
  }
}
