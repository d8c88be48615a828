import Checkpoints
import Manipulation
import TensorMath
import Testing
import Training
import VLAPolicy

@Suite("Samples of demonstrations")
struct LearningSampleTests {
  private func samples(
    steps: [Int], options: DataOptions = DataOptions()
  ) throws -> (LearningSamples, ActionScaling) {
    let set = try SmallDemonstrations.set(steps: steps)
    let statistics = try set.statistics(options)
    let tokenizer = try inFolder { try Tokenizer.load(from: TinyPolicy.written(in: $0)) }
    let samples = try LearningSamples(
      set, configuration: TinyPolicy.configuration, tokenizer: tokenizer, statistics: statistics)
    return (samples, try ActionScaling(statistics.action))
  }

  @Test("a sample is the chunk from its key frame on; steps after the end are marked")
  func chunks() throws {
    let (samples, scaling) = try samples(steps: [3, 18, 1, 2])
    #expect(samples.count == 22)
    for index in 0..<samples.count {
      let sample = samples[index]
      let length = [3, 18, 1][sample.episode]
      #expect(sample.actions.shape == [16, 7])
      let rest = length - sample.step
      #expect(sample.isValid == (0..<16).map { $0 < rest })
      for row in 0..<min(16, rest) {
        let wanted = scaling.normalized(
          SmallDemonstrations.action(sample.episode, sample.step + row))
        #expect(sample.actions.row(row).map(\.self) == wanted)
      }
      #expect(sample.actions.elements.allSatisfy { abs($0) <= 1 })
    }
  }

  @Test("the picture is the one that the policy's resize makes, the prompt that of the instruction")
  func pictures() throws {
    let (samples, _) = try samples(steps: [2, 2, 1])
    let configuration = TinyPolicy.configuration
    let tower = try #require(configuration.towers.first)
    for index in 0..<samples.count {
      let sample = samples[index]
      let recorded = SmallDemonstrations.picture(sample.episode, sample.step)
      #expect(sample.picture == configuration.image.square(recorded, for: tower))
      #expect(sample.picture.width == configuration.image.size)
    }
    let tokenizer = try inFolder { try Tokenizer.load(from: TinyPolicy.written(in: $0)) }
    let ids = try Prompt.ids(
      instruction: "push the button", tokenizer: tokenizer, configuration: configuration)
    #expect(samples[0].promptIDs == ids)
  }

  @Test("an update's samples depend on its number alone, however they are cut into ranges")
  func batches() throws {
    let (samples, _) = try samples(steps: [3, 4, 5, 1])
    let augmentation = Augmentation(brightness: 0.2, contrast: 0.2, saturation: 0.2, shift: 2)
    let one = SampleBatches(
      samples, batch: 8, microBatches: 2, augmentation: augmentation, seed: 11)
    let two = SampleBatches(
      samples, batch: 8, microBatches: 2, augmentation: augmentation, seed: 11)
    #expect(one.size == 4)
    for update in [7, 0, 3] {
      for microBatch in 0..<2 {
        let whole = one.batch(update: update, microBatch: microBatch, range: 0..<4)
        let cut =
          two.batch(update: update, microBatch: microBatch, range: 0..<3)
          + two.batch(update: update, microBatch: microBatch, range: 3..<4)
        #expect(whole.map(\.picture) == cut.map(\.picture))
        #expect(whole.map(\.step) == cut.map(\.step))
      }
    }
    // All twelve samples come once in the first twelve places.
    let first = (0..<3).flatMap { one.batch(update: $0 / 2, microBatch: $0 % 2, range: 0..<4) }
    #expect(Set(first.map { [$0.episode, $0.step] }).count == 12)
    // The same sample is varied anew when it comes again.
    let again = one.batch(update: 1, microBatch: 1, range: 0..<4)
    for sample in again {
      let before = first.first { $0.episode == sample.episode && $0.step == sample.step }
      #expect(before?.picture != sample.picture)
    }
  }
}
