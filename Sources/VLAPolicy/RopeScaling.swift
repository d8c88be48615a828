internal import Foundation

/// Llama 3.1's stretching of slow rotations (`rope_type` "llama3").
package struct RopeScaling: Codable, Equatable, Sendable {
  /// How much slower the slowest channels turn.
  package var factor: Float
  /// Channels that turn fewer times over `originalLength` are slowed down in full.
  package var lowFrequencyFactor: Float
  /// Channels that turn more often are left alone.
  package var highFrequencyFactor: Float
  /// The number of positions that the model was first trained with.
  package var originalLength: Int

  package init(
    factor: Float, lowFrequencyFactor: Float, highFrequencyFactor: Float, originalLength: Int
  ) {
    self.factor = factor
    self.lowFrequencyFactor = lowFrequencyFactor
    self.highFrequencyFactor = highFrequencyFactor
    self.originalLength = originalLength
  }

  package enum CodingKeys: String, CodingKey {
    case factor
    case lowFrequencyFactor = "low_freq_factor"
    case highFrequencyFactor = "high_freq_factor"
    case originalLength = "original_max_position_embeddings"
  }

  /// - Parameter frequency: Radians a position.
  fileprivate func scaled(_ frequency: Float) -> Float {
    let length = Float(originalLength)
    let wavelength = 2 * Float.pi / frequency
    if wavelength > length / lowFrequencyFactor { return frequency / factor }
    if wavelength < length / highFrequencyFactor { return frequency }
    let smooth =
      (length / wavelength - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
    return (1 - smooth) * frequency / factor + smooth * frequency
  }
}

extension LanguageConfiguration {
  /// Radians a position for each pair of channels of a head, `[headWidth / 2]`.
  package var rotaryFrequencies: [Float] {
    (0..<headWidth / 2).map { pair in
      let frequency = 1 / powf(ropeTheta, Float(2 * pair) / Float(headWidth))
      return ropeScaling?.scaled(frequency) ?? frequency
    }
  }
}
