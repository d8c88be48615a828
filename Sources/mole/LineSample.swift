import Evaluation
import Manipulation
import Reports

/// Lines of a run's journal, drawn without putting back, all alike likely.
struct LineSample {
  /// In the journal's order.
  let lines: [RecordedLine]

  /// Reads the journal once and holds no more lines than are drawn (Vitter's algorithm R).
  ///
  /// - Throws: `ReportError` for a line that is not of this run.
  init(size: Int, seed: UInt64, of run: RunDirectory) throws {
    var generator = SeededGenerator(seed: SeededGenerator.derive(seed, ["verify"]))
    var drawn: [RecordedLine] = []
    var number = 0
    try run.forEachEpisode { outcome in
      number += 1
      if drawn.count < size {
        drawn.append(RecordedLine(number: number, outcome: outcome))
      } else if case let place = Int.random(in: 0..<number, using: &generator), place < size {
        drawn[place] = RecordedLine(number: number, outcome: outcome)
      }
    }
    lines = drawn.sorted { $0.number < $1.number }
  }
}
