internal import Foundation
package import TensorMath
package import VLAPolicy

/// AdamW over a flat array of parameters.
package struct AdamW: Sendable {
  private let options: OptimizerOptions
  private let updates: Int
  private let groups: [ParameterGroup]

  /// - Parameter updates: Those of the whole training, which the learning rate is planned for.
  package init(_ options: OptimizerOptions, updates: Int, layout: ParameterLayout) {
    self.options = options
    self.updates = updates
    groups = ParameterGroup.all(of: layout)
  }

  package func learningRate(update: Int) -> Double {
    options.learningRate(update: update, of: updates)
  }

  /// Moves the parameters.
  ///
  /// - Parameters:
  ///   - norm: The length of the gradient; one that is longer than allowed is shortened.
  ///   - update: The number of the update, from 0.
  package func step(
    _ parameters: FloatStorage, moments: AdamWMoments, gradient: FloatStorage, norm: Double,
    update: Int
  ) {
    for group in groups {
      OptimizerKernels.step(
        step(norm: norm, update: update, group: group), on: parameters, moments: moments,
        gradient: gradient, range: group.range)
    }
  }

  private func step(norm: Double, update: Int, group: ParameterGroup) -> AdamWStep {
    AdamWStep(
      learningRate: Float(
        learningRate(update: update) * (group.routes ? options.routerScale : 1)),
      beta1: Float(options.beta1),
      beta2: Float(options.beta2), epsilon: Float(options.epsilon),
      weightDecay: group.decays ? Float(options.weightDecay) : 0,
      firstCorrection: Float(1 - pow(options.beta1, Double(update + 1))),
      secondCorrection: Float(1 - pow(options.beta2, Double(update + 1))),
      // The small number is PyTorch's, against a gradient of length 0.
      gradientScale: Float(min(1, options.clip / (norm + 1e-6))))
  }
}
