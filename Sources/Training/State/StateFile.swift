internal import Checkpoints
package import Foundation
internal import TensorMath
package import VLAPolicy

/// A training's state on disk: one safetensors file, there as a whole or not at all, which the next
/// one replaces.
///
/// Each array's tensors have the names of the policy's behind the array's name:
/// `first_moment/…q_proj.weight`.
package enum StateFile {
  private static let format = "mole-training-1"

  /// - Throws: `CheckpointError.cannotWrite`; the state before stays then.
  package static func write(
    _ state: TrainingState, layout: ParameterLayout, to url: URL
  ) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let progress = String(decoding: try encoder.encode(state.progress), as: UTF8.self)
    let declarations = state.arrays.flatMap { array in
      layout.parameters.map {
        TensorDeclaration(name: "\(array.name)/\($0.name)", shape: $0.shape)
      }
    }
    let writer = try SafetensorsWriter(
      to: url, declarations: declarations, metadata: ["format": format, "progress": progress])
    for array in state.arrays {
      for (parameter, range) in layout.places {
        let values = array.values.withSpan(range) { span in span.indices.map { span[$0] } }
        try writer.add("\(array.name)/\(parameter.name)", shape: parameter.shape, values)
      }
    }
    try writer.finish()
  }

  /// Gives `state`, which has its arrays already, what the file holds.
  ///
  /// - Throws: `TrainingError.damagedState`, `CheckpointError` where tensors are missing or of other
  ///   shapes.
  package static func read(
    _ url: URL, into state: inout TrainingState, layout: ParameterLayout
  ) throws {
    let archive = try TensorArchive(file: url)
    state.progress = try progress(of: archive, path: url.path)
    try archive.check(
      expected: state.arrays.flatMap { array in
        layout.parameters.map { ("\(array.name)/\($0.name)", $0.shape) }
      })
    for array in state.arrays {
      for (parameter, range) in layout.places {
        let name = "\(array.name)/\(parameter.name)"
        guard try archive.elementType(of: name) == .float32 else {
          throw TrainingError.damagedState(path: url.path, problem: "'\(name)' is no F32")
        }
        let values = try archive.floats(name, shape: parameter.shape)
        array.values.withMutableSpan(range) { span in
          for index in values.indices { span[index] = values[index] }
        }
      }
    }
  }

  private static func progress(of archive: TensorArchive, path: String) throws -> TrainingProgress {
    let metadata = archive.metadata
    guard metadata["format"] == format, let text = metadata["progress"],
      let progress = try? JSONDecoder().decode(TrainingProgress.self, from: Data(text.utf8)),
      progress.updates >= 0
    else {
      throw TrainingError.damagedState(
        path: path, problem: "it does not say how far the training came")
    }
    return progress
  }
}

extension ParameterLayout {
  /// The tensors with their places in the flat array, in order.
  var places: [(parameter: Parameter, range: Range<Int>)] {
    var end = 0
    return parameters.map { parameter in
      let start = end
      end += parameter.count
      return (parameter, start..<end)
    }
  }
}
