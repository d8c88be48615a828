internal import Foundation

/// The `squaredcos_cap_v2` noise schedule (Nichol and Dhariwal, 2021) and DDIM's steps through it.
package struct NoiseSchedule: Sendable {
  /// The share of the signal's variance that is left at each step, ᾱ.
  package let signal: [Double]
  package let betas: [Double]

  package init(stepCount: Int) {
    func level(_ position: Double) -> Double {
      let cosine = cos((position + 0.008) / 1.008 * .pi / 2)
      return cosine * cosine
    }
    betas = (0..<stepCount).map { step in
      let (start, end) = (Double(step), Double(step + 1))
      return min(1 - level(end / Double(stepCount)) / level(start / Double(stepCount)), 0.999)
    }
    var product = 1.0
    signal = betas.map { beta in
      product *= 1 - beta
      return product
    }
  }

  /// The steps of "ddim N", ascending: every s-th, with the smallest stride s that gives N of them.
  ///
  /// - Returns: `nil` when no stride does.
  package static func timeSteps(sampling count: Int, of stepCount: Int) -> [Int]? {
    guard count > 0, stepCount > 0 else { return nil }
    let strides = (1...stepCount).filter { (stepCount + $0 - 1) / $0 == count }
    // A single step starts in the middle, as the stride that leaves one step does in CogACT.
    guard let stride = strides.first else { return nil }
    return count == 1 ? [stepCount / 2] : Array(Swift.stride(from: 0, to: stepCount, by: stride))
  }

  /// One deterministic DDIM step (η = 0, no clipping) for every value.
  package func denoise(
    _ values: inout [Float], noise: [Float], from step: Int, to previous: Int?
  ) {
    let current = signal[step]
    let next = previous.map { signal[$0] } ?? 1
    let inverseRoot = Float(1 / current.squareRoot())
    let noiseFactor = Float((1 / current - 1).squareRoot())
    let (signalFactor, residual) = (Float(next.squareRoot()), Float((1 - next).squareRoot()))
    for index in values.indices {
      let clean = values[index] * inverseRoot - noise[index] * noiseFactor
      values[index] = signalFactor * clean + residual * noise[index]
    }
  }
}
