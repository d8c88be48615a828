package import TensorMath

/// The stages of one query, for holding another implementation against.
package struct Trace: Sendable {
  /// An intermediate tensor, row-major.
  package struct Stage: Sendable {
    package let name: String
    package let shape: [Int]
    package let values: [Float]
  }

  package private(set) var stages: [Stage] = []
  private let isRecording: Bool

  package init(recording: Bool) {
    isRecording = recording
  }

  /// Keeps a matrix; what is not recorded is not computed.
  package mutating func record(_ name: String, _ values: @autoclosure () -> Matrix) {
    guard isRecording else { return }
    let matrix = values()
    stages.append(Stage(name: name, shape: matrix.shape, values: matrix.elements))
  }

  /// Keeps a tensor; without a `shape` it is a vector.
  package mutating func record(
    _ name: String, shape: [Int]? = nil, _ values: @autoclosure () -> [Float]
  ) {
    guard isRecording else { return }
    let values = values()
    stages.append(Stage(name: name, shape: shape ?? [values.count], values: values))
  }

  /// A trace without stages that records when this one does.
  var emptied: Trace { Trace(recording: isRecording) }

  mutating func append(_ other: Trace) {
    stages += other.stages
  }

  package subscript(name: String) -> Stage? {
    stages.first { $0.name == name }
  }
}
