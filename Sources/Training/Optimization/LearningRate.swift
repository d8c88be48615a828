internal import Foundation

extension OptimizerOptions {
  /// The learning rate of an update, counted from 0: a straight rise over the warm-up, so that its
  /// last update has the full rate, then half a cosine, or no change.
  package func learningRate(update: Int, of updates: Int) -> Double {
    if update < warmup { return learningRate * Double(update + 1) / Double(warmup) }
    switch schedule {
    case .constant: return learningRate
    case .cosine:
      let way = Double(update - warmup) / Double(max(1, updates - warmup))
      let share = (1 + cos(.pi * min(1, way))) / 2
      return learningRate * (finalShare + (1 - finalShare) * share)
    }
  }
}
