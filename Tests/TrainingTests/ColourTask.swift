import Foundation
import Manipulation
import Synchronization
import TensorMath
import Training
import VLAPolicy

/// Something small to learn: a linear map from a picture's mean colour to a number.
final class ColourObjective: Objective {
  static let truth: [Float] = [0.5, -1.5, 2, 0.25]

  let layout = ParameterLayout([
    Parameter(name: "map.weight", shape: [1, 3], part: .projector, start: .normal(1)),
    Parameter(name: "map.bias", shape: [1], part: .projector, start: .constant(0)),
  ])
  /// The update whose loss is no number.
  let brokenUpdate: Int?

  init(brokenUpdate: Int? = nil) { self.brokenUpdate = brokenUpdate }

  func differentiate(
    _ samples: [LearningSample], at parameters: FloatStorage, teacher: FloatStorage?,
    seed: UInt64, update: Int, into gradient: FloatStorage
  ) -> LossParts {
    // Noise of the seed's, so that a wrong seed shows.
    var generator = SeededGenerator(seed: seed)
    let values = parameters.values
    var loss = 0.0
    gradient.withMutableSpan { gradient in
      for sample in samples {
        let input = sample.input
        let error = predict(input, values) - sample.answer + 0.01 * generator.gaussian()
        loss += Double(error * error) / Double(samples.count)
        for index in 0..<4 { gradient[index] += 2 * error * input[index] / Float(samples.count) }
      }
    }
    if update == brokenUpdate { loss = .nan }
    return LossParts(total: loss, parts: [.task: loss], measures: ["size": Double(samples.count)])
  }

  func evaluate(
    _ samples: [LearningSample], at parameters: FloatStorage, teacher: FloatStorage?, seed: UInt64
  ) -> LossParts {
    let values = parameters.values
    let loss = samples.reduce(0.0) { sum, sample in
      let error = predict(sample.input, values) - sample.answer
      return sum + Double(error * error) / Double(samples.count)
    }
    return LossParts(total: loss, parts: [.task: loss])
  }

  private func predict(_ input: [Float], _ values: [Float]) -> Float {
    zip(input, values).reduce(0) { $0 + $1.0 * $1.1 }
  }
}

extension LearningSample {
  /// The mean colour in [0, 1], and 1.
  fileprivate var input: [Float] {
    let count = picture.pixels.count / 3
    return (0..<3).map { channel in
      let sum = (0..<count).reduce(0) { $0 + Int(picture.pixels[3 * $1 + channel]) }
      return Float(sum) / Float(255 * count)
    } + [1]
  }

  fileprivate var answer: Float { actions.elements[0] }
}

/// Pictures of one colour with the number that belongs to it.
struct ColourSource: BatchSource {
  var sampleCount = 4096
  var seed: UInt64 = 0

  func batch(update: Int, microBatch: Int, range: Range<Int>) -> [LearningSample] {
    range.map { sample("\(update) \(microBatch) \($0)") }
  }

  func sample(_ name: String) -> LearningSample {
    var generator = SeededGenerator(seed: SeededGenerator.derive(seed, [name]))
    let color = (0..<3).map { _ in UInt8(generator.next() % 256) }
    let input = color.map { Float($0) / 255 } + [1]
    let answer = zip(input, ColourObjective.truth).reduce(0) { $0 + $1.0 * $1.1 }
    return LearningSample(
      picture: RGBImage(width: 2, height: 1, pixels: color + color), promptIDs: [1],
      actions: Matrix(row: [answer]), isValid: [true], episode: 0, step: 0)
  }

  /// A source, samples that it never gives, and nothing that samples actions.
  static var material: TrainingMaterial {
    let source = ColourSource()
    return TrainingMaterial(
      source: source, validation: (0..<40).map { source.sample("held out \($0)") })
  }
}

/// Stops after some updates and remembers what it was told.
final class Witness: TrainingObserver {
  let stopsAfter: Int
  private let seen = Mutex<(losses: [Double], validated: [Int])>(([], []))

  init(stopsAfter: Int = .max) { self.stopsAfter = stopsAfter }

  var losses: [Double] { seen.withLock(\.losses) }
  var validated: [Int] { seen.withLock(\.validated) }
  var shouldStop: Bool { losses.count >= stopsAfter }

  func updated(_ report: UpdateReport, of updates: Int) {
    seen.withLock { $0.losses.append(report.loss.total) }
  }

  func validated(_ validation: Validation, after updates: Int) {
    seen.withLock { $0.validated.append(updates) }
  }
}
