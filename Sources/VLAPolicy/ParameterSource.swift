internal import Checkpoints

/// Where the tensors of a model come from: a checkpoint's files, or numbers that are made up.
protocol ParameterSource: Sendable {
  /// What messages call it.
  var path: String { get }

  func shape(of name: String) throws -> [Int]
  func elementType(of name: String) throws -> ElementType

  /// - Parameter shape: What the shape must be; `nil` accepts any.
  func floats(_ name: String, shape: [Int]?) throws -> [Float]

  /// Runs `body` with all bytes of a tensor, little-endian, not necessarily aligned.
  func withBytes<Result>(_ name: String, _ body: (RawSpan) throws -> Result) throws -> Result

  /// Says that the bytes will not be read soon.
  func releasePages(of name: String) throws
}

extension TensorArchive: ParameterSource {}
