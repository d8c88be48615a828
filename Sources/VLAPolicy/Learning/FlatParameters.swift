package import Checkpoints
package import Manipulation
package import TensorMath

/// Tensors that lie one after the other in memory, as training has them.
struct FlatParameters: ParameterSource {
  let path = "the parameters in training"
  private let layout: ParameterLayout
  private let shapes: [String: [Int]]
  private let storage: FloatStorage

  /// - Parameter storage: Of the layout's length; not to be changed as long as this is read.
  init(_ storage: FloatStorage, layout: ParameterLayout) {
    precondition(
      storage.count == layout.count, "\(storage.count) numbers for \(layout.count) parameters")
    self.layout = layout
    self.storage = storage
    shapes = Dictionary(layout.parameters.map { ($0.name, $0.shape) }) { first, _ in first }
  }

  func shape(of name: String) throws -> [Int] {
    guard let shape = shapes[name] else {
      throw CheckpointError.missingTensor(name, archive: path)
    }
    return shape
  }

  func elementType(of name: String) throws -> ElementType { .float32 }

  func floats(_ name: String, shape wanted: [Int]?) throws -> [Float] {
    let found = try shape(of: name)
    guard wanted == nil || wanted == found else {
      throw CheckpointError.wrongShape(
        name, archive: path, expected: wanted ?? [], found: found)
    }
    return storage.withSpan(try range(of: name)) { numbers in
      numbers.indices.map { numbers[$0] }
    }
  }

  func withBytes<Result>(
    _ name: String, _ body: (RawSpan) throws -> Result
  ) throws -> Result {
    try storage.withSpan(range(of: name)) { try body($0.bytes) }
  }

  func releasePages(of name: String) throws {}

  private func range(of name: String) throws -> Range<Int> {
    guard let range = layout.range(of: name) else {
      throw CheckpointError.missingTensor(name, archive: path)
    }
    return range
  }
}

extension VLANetwork {
  /// The network of parameters in training, as it runs at evaluation.
  ///
  /// The numbers are copied: what training goes on to do with them changes nothing here.
  ///
  /// - Parameters:
  ///   - parameters: Of the layout's length.
  ///   - statistics: By data set.
  /// - Throws: `CheckpointError` where the layout lacks a tensor of the configuration.
  package init(
    _ configuration: Configuration, parameters: FloatStorage, layout: ParameterLayout,
    tokenizer: Tokenizer, statistics: [String: DatasetStatistics]
  ) throws {
    let own = FloatStorage(count: parameters.count)
    own.copy(from: parameters)
    let source = FlatParameters(own, layout: layout)
    try self.init(
      configuration, loader: ParameterLoader(source: source, precision: nil),
      tokenizer: tokenizer, statistics: (statistics, VLANetwork.statisticsName))
  }
}
