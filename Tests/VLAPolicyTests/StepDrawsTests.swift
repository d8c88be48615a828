import Manipulation
import TensorMath
import Testing
import VLAPolicy

@Suite("What is random in a step of training")
struct StepDrawsTests {
  private let shape = StepDraws.Shape(chunk: 2, diffusionSteps: 100, depth: 12, exitCount: 6)

  /// Key frames of some episodes, one after the other.
  private func samples(episodes: Int, steps: Int) -> [LearningSample] {
    (0..<episodes * steps).map { index in
      LearningSample(
        picture: RGBImage(width: 1, height: 1, pixels: [0, 0, 0]), promptIDs: [1],
        actions: Matrix(rows: 2, columns: 7), isValid: [true, true], episode: index / steps,
        step: index % steps)
    }
  }

  private func draws(_ options: MethodOptions, seed: UInt64 = 5, update: Int = 0) -> StepDraws {
    StepDraws(
      samples(episodes: 100, steps: 4), options: options, shape: shape, seed: seed, update: update)
  }

  @Test func distributionsAreTheNamedOnes() {
    var options = MethodOptions(.mole, keep: 0.5)
    options.diffusion.draws = 4
    options.diffusion.conditionDropout = 0.1
    let draws = draws(options)
    #expect(draws.steps.count == 1600 && draws.isDropped.count == 1600)
    #expect(Set(draws.steps).isSubset(of: Set(0..<100)) && Set(draws.steps).count > 95)
    // Five standard errors.
    let dropped = Double(draws.isDropped.count { $0 }) / 1600
    #expect(abs(dropped - 0.1) < 0.0375)
    let (noiseMean, noiseVariance) = moments(draws.noise)
    #expect(draws.noise.rows == 3200 && abs(noiseMean) < 0.034 && abs(noiseVariance - 1) < 0.048)
    // Gumbel: Euler's constant and a sixth of pi squared.
    let (mean, variance) = moments(draws.gumbel)
    #expect(draws.gumbel.rows == 400 && draws.gumbel.columns == 12)
    #expect(abs(mean - 0.5772) < 0.093 && abs(variance - 1.6449) < 0.25)
  }

  @Test func onlyMoLeWithGumbelGetsNoise() {
    var options = MethodOptions(.mole, keep: 0.5)
    options.star.gumbel = false
    #expect(draws(options).gumbel.elements.allSatisfy { $0 == 0 })
    #expect(draws(MethodOptions(.truncate, keep: 0.5)).gumbel.elements.allSatisfy { $0 == 0 })
  }

  @Test func sampleHasItsOwnOrderOfLayers() {
    let orders = draws(MethodOptions(.random, keep: 0.5)).layerOrders
    #expect(orders.allSatisfy { $0.sorted() == Array(0..<12) })
    #expect(Set(orders).count > 390)
  }

  @Test func segmentsShareTheirExitUntilTheNextUpdate() {
    var options = MethodOptions(.earlyExit, keep: 1)
    options.diffusion.draws = 2
    options.exits.sampling = .segments
    options.exits.segmentLength = 2
    let exits = draws(options).exits
    for start in stride(from: 0, to: exits.count, by: 4) {
      #expect(Set(exits[start..<start + 4]).count == 1)
    }
    #expect(Set(exits) == Set(0..<6))
    #expect(draws(options, seed: 6).exits == exits)
    #expect(draws(options, update: 1).exits != exits)
  }

  @Test func bothSamplingsTakeTurns() {
    var options = MethodOptions(.earlyExit, keep: 1)
    options.diffusion.draws = 2
    options.exits.sampling = .segments
    let shared = draws(options).exits
    options.exits.sampling = .uniform
    let own = draws(options).exits
    options.exits.sampling = .both
    let both = draws(options).exits
    for index in both.indices {
      #expect(both[index] == (index.isMultiple(of: 2) ? own : shared)[index])
    }
  }

  @Test func evaluationDropsNothingAndAddsNoNoise() {
    var options = MethodOptions(.mole, keep: 0.5)
    options.diffusion.conditionDropout = 0.5
    let training = draws(options)
    let evaluation = training.asAtEvaluation()
    #expect(evaluation.isDropped.allSatisfy { !$0 })
    #expect(evaluation.gumbel.elements.allSatisfy { $0 == 0 })
    #expect(evaluation.noise.elements == training.noise.elements)
    #expect(evaluation.steps == training.steps)
  }

  private func moments(_ matrix: Matrix) -> (mean: Double, variance: Double) {
    let values = matrix.elements.map(Double.init)
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, squares / Double(values.count))
  }
}
