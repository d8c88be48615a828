internal import Checkpoints
internal import Files
package import Foundation
package import Manipulation

/// Makes an int8 checkpoint of one in floating point.
package enum QuantizedCheckpoint {
  /// What happened to a part's tensors.
  package struct PartSummary: Sendable {
    package let part: PolicyPart
    package var tensorCount = 0
    package var byteCountBefore = 0
    package var byteCountAfter = 0
    /// The largest of ‖w − q · scale‖ / ‖w‖ over the part's weights, and the weight that has it.
    package var largestError = 0.0
    package var worstWeight = ""
  }

  package struct Summary: Sendable {
    package fileprivate(set) var parts: [PartSummary] = []
    /// Tensors that were taken over as stored, and their bytes.
    package fileprivate(set) var copiedCount = 0
    package fileprivate(set) var copiedByteCount = 0
  }

  /// Writes the checkpoint again with int8 weights (`ModelConfiguration.quantizableWeights`); other
  /// tensors, configuration, tokenizer and statistics are taken over as they are.
  ///
  /// The folder gets its name when everything in it is complete. Weights are read and written piece
  /// by piece; the memory needed does not depend on their size.
  ///
  /// - Parameters:
  ///   - folder: A checkpoint folder.
  ///   - out: The folder to make.
  ///   - progress: Called with the tensors done and their number.
  /// - Throws: `CheckpointError`, also when it is quantized already or `out` exists; `PolicyError`.
  package static func write(
    _ folder: URL, to out: URL, progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> Summary {
    let opened = try CheckpointFolder(folder)
    let configuration = opened.model.configuration
    let archive = try opened.archive()
    let weights = configuration.quantizableWeights
    for weight in weights where (try? archive.elementType(of: weight.name)) == .int8 {
      throw CheckpointError.alreadyQuantized(weight.name, archive: archive.path)
    }
    try configuration.check(archive)
    var summary = Summary()
    do {
      try NewFolder.write(out.path) { partial in
        let partial = URL(filePath: partial)
        try SmallFiles.copy(from: folder, to: partial)
        summary = try writeWeights(weights, of: archive, to: partial, progress: progress)
      }
    } catch let fault as FileFault {
      throw CheckpointError(fault, path: out.path)
    }
    return summary
  }

  private static func writeWeights(
    _ weights: [Parameter], of archive: TensorArchive, to folder: URL,
    progress: (Int, Int) -> Void
  ) throws -> Summary {
    let parts = Dictionary(uniqueKeysWithValues: weights.map { ($0.name, $0.part) })
    let names = archive.names
    let declarations = try names.flatMap {
      try Self.declarations(of: $0, in: archive, isInt8: parts[$0] != nil)
    }
    let writer = try CheckpointWriter(
      directory: folder, declarations: declarations, metadata: archive.metadata)
    var byPart: [PolicyPart: PartSummary] = [:]
    var summary = Summary()
    for (index, name) in names.enumerated() {
      if let part = parts[name] {
        let error = try writer.addInt8(name, from: archive)
        try byPart[part, default: PartSummary(part: part)].add(name, error, in: archive)
      } else {
        try writer.copy(name, from: archive)
        summary.copiedCount += 1
        summary.copiedByteCount += try archive.byteCount(of: name)
      }
      progress(index + 1, names.count)
    }
    try writer.finish()
    summary.parts = PolicyPart.allCases.compactMap { byPart[$0] }
    return summary
  }

  /// A weight `[out, in]` becomes I8 with F32 scales `[out, 1]`.
  private static func declarations(
    of name: String, in archive: TensorArchive, isInt8: Bool
  ) throws -> [TensorDeclaration] {
    let shape = try archive.shape(of: name)
    guard isInt8 else {
      let type = try archive.elementType(of: name)
      return [TensorDeclaration(name: name, shape: shape, elementType: type)]
    }
    return [
      TensorDeclaration(name: name, shape: shape, elementType: .int8),
      TensorDeclaration(name: TensorArchive.scaleName(of: name), shape: [shape[0], 1]),
    ]
  }
}

extension QuantizedCheckpoint.PartSummary {
  fileprivate mutating func add(
    _ name: String, _ error: QuantizationError, in archive: TensorArchive
  ) throws {
    let shape = try archive.shape(of: name)
    tensorCount += 1
    byteCountBefore += try archive.byteCount(of: name)
    byteCountAfter += shape[0] * shape[1] + 4 * shape[0]
    if error.relative > largestError { (largestError, worstWeight) = (error.relative, name) }
  }
}
