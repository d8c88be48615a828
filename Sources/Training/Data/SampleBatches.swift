internal import Manipulation
package import VLAPolicy

/// The batches of a training: what each update learns from, given its number.
package struct SampleBatches: Sendable {
  private let samples: LearningSamples
  private let order: SampleOrder
  private let augmentation: Augmentation
  private let seed: UInt64
  /// Samples of a micro-batch.
  package let size: Int
  private let microBatchCount: Int

  /// - Parameters:
  ///   - batch: Samples of an update.
  ///   - microBatches: Into how many parts an update's samples are cut.
  /// - Precondition: `batch` is a positive multiple of `microBatches`.
  package init(
    _ samples: LearningSamples, batch: Int, microBatches: Int = 1, balance: SampleBalance = .frames,
    augmentation: Augmentation = Augmentation(), seed: UInt64
  ) {
    precondition(
      batch > 0 && microBatches > 0 && batch.isMultiple(of: microBatches),
      "\(batch) samples in \(microBatches) micro-batches")
    self.samples = samples
    self.augmentation = augmentation
    self.seed = seed
    size = batch / microBatches
    microBatchCount = microBatches
    order = SampleOrder(samples.groups(balance), seed: seed)
  }

  /// Updates until every sample has come once.
  package var updatesPerEpoch: Double {
    Double(order.epochLength) / Double(size * microBatchCount)
  }

  /// The samples that there are.
  package var sampleCount: Int { samples.count }

  /// Samples of a micro-batch, their pictures varied by draws of their own: the same for the same
  /// numbers, whatever was asked before, by any thread.
  ///
  /// - Parameters:
  ///   - update: From 0.
  ///   - microBatch: From 0.
  ///   - range: Which of the micro-batch's `size` samples are wanted.
  package func batch(update: Int, microBatch: Int, range: Range<Int>) -> [LearningSample] {
    range.map { sample(at: (update * microBatchCount + microBatch) * size + $0) }
  }

  private func sample(at position: Int) -> LearningSample {
    var sample = samples[order.sample(at: position)]
    sample.picture = augmentation(
      sample.picture, seed: SeededGenerator.derive(seed, ["augmentation", String(position)]))
    return sample
  }
}
