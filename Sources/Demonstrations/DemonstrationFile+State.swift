internal import Foundation
internal import HDF5Files
package import Manipulation

extension DemonstrationFile {
  /// The simulator's state at a frame.
  ///
  /// - Parameters:
  ///   - index: The episode's position in the file, from 0.
  ///   - frame: The row, or `nil` for the last.
  /// - Throws: `DemonstrationError.wrongShape` when there is no such row; `HDF5Error`.
  package func state(of index: Int, frame: Int?) throws -> [Double] {
    let name = Layout.Dataset.states
    let path = "\(try path(of: index))/\(name)"
    let shape = try file.dataset(at: path).shape
    let row = frame ?? (shape.first ?? 0) - 1
    guard shape.count == 2, row >= 0, row < shape[0] else {
      throw DemonstrationError.wrongShape(
        name, episode: episodeNames[index], file: url.path, expected: "(frames, numbers)",
        found: shape)
    }
    return try file.read(path, as: Double.self, rows: [row])
  }

  /// The key-frame actions of an episode, as they were carried out, and the frames at which they
  /// begin.
  ///
  /// - Throws: `DemonstrationError` naming what the file lacks; `HDF5Error`.
  package func keyframeActions(of index: Int) throws -> [(frame: Int, action: Action)] {
    let keyframes = try episodeWithoutImages(at: index).keyframes
    let name = Layout.Dataset.executedActions
    guard try file.node(at: "\(path(of: index))/\(name)") == .dataset else {
      return keyframes.map { ($0.frameIndex, $0.action) }
    }
    let frames = keyframes.map(\.frameIndex)
    return Array(zip(frames, try rawActions(of: index, frames: frames, in: name)))
  }
}
