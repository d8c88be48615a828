internal import Foundation
package import Manipulation
internal import NeuralLayers
package import TensorMath

/// A vision tower alone, with its final norm.
package struct VisionModel: Sendable {
  package let configuration: VisionModelConfiguration
  private let tower: VisionTower
  private let norm: LayerNorm

  /// Loads a folder as timm's hub has it: config.json and model.safetensors.
  ///
  /// - Throws: `CheckpointError` or `PolicyError`; missing and misshapen tensors all at once.
  package init(_ folder: CheckpointFolder, precision: Precision? = nil) throws {
    configuration = try folder.visionModel()
    let archive = try folder.archive()
    try configuration.check(archive)
    let loader = ParameterLoader(source: archive, precision: precision)
    try loader.checkTypes(of: configuration)
    try loader.checkMemory(for: configuration)
    tower = try VisionTower(
      configuration.tower, keys: configuration.keys, imageSize: configuration.image.size,
      loader: loader)
    norm = try loader.norm(configuration.norm, epsilon: configuration.tower.normEpsilon)
  }

  /// Stages: `pixels`, `tokens` (what enters the first block), `blocks.<i>`, `features`.
  ///
  /// - Returns: Every token after the final norm, class token and registers first:
  ///   `[prefixTokenCount + patchCount, width]`.
  package func callAsFunction(
    _ picture: RGBImage, meter: inout ComputeMeter, trace: inout Trace
  ) -> Matrix {
    meter.measure(.vision) { counter in
      let size = configuration.image.size
      let pixels = configuration.image.normalizedPixels(of: picture, for: configuration.tower)
      trace.record("pixels", shape: [3, size, size], pixels)
      var tokens = tower.embed([pixels], counting: &counter)
      trace.record("tokens", tokens)
      var scratch = tower.scratch
      for block in 0..<tower.depth {
        tower.run(block, on: &tokens, scratch: &scratch, counting: &counter)
        trace.record("blocks.\(block)", tokens)
      }
      let features = norm(tokens)
      trace.record("features", features)
      return features
    }
  }
}
