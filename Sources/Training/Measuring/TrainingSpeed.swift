internal import Manipulation
internal import Statistics
internal import TensorMath
internal import VLAPolicy

/// How long an update takes, beside products alone.
package struct TrainingSpeed: Sendable {
  /// Median seconds of an update: samples made up, loss, gradient, optimiser, running mean.
  package let seconds: Double
  /// What the products of an update cost, there and back.
  package let multiplyAccumulates: Int
  /// Multiply-accumulates a second of products of a decoder's shapes, as many threads at once.
  package let decoderRate: Double
  /// The same of large squares.
  package let squareRate: Double
  package let parameterCount: Int
  package let tokenCount: Int

  package var rate: Double { Double(multiplyAccumulates) / seconds }

  /// Turns of an update and of products, of which the first is for nobody.
  ///
  /// - Parameters:
  ///   - recipe: Of a preset; its lanes are the threads.
  ///   - progress: Called with the turns that are done.
  /// - Throws: `TrainingError`, `PolicyError`.
  package init(
    _ recipe: Recipe, repetitions: Int, progress: (Int, Int) -> Void
  ) throws {
    let start = try TrainingStart(recipe)
    let objective = try PolicyObjective(
      start.configuration, recipe.options, precision: recipe.precision.precision)
    let source = try MadeUpSamples(start, seed: recipe.seed)
    let trainer = try Trainer(
      recipe, objective: objective, material: TrainingMaterial(source: source, validation: []))
    var state = try trainer.start(from: start.parameters(objective.layout, seed: recipe.seed))
    tokenCount = source.tokenCount
    let rows = recipe.batch / (recipe.lanes * recipe.accumulate) * tokenCount
    var decoder = PlainProducts(
      .decoder(start.configuration.language, rows: rows), threads: recipe.lanes)
    var squares = PlainProducts(.square, threads: recipe.lanes)
    var seconds: [Double] = []
    var cost = 0
    for turn in 0...repetitions {
      progress(turn, repetitions + 1)
      let report = try trainer.update(&state)
      decoder.run(keeping: turn > 0)
      squares.run(keeping: turn > 0)
      guard turn > 0 else { continue }
      seconds.append(report.seconds)
      cost = report.loss.multiplyAccumulates
    }
    self.seconds = Sample(seconds).median ?? .nan
    multiplyAccumulates = cost
    decoderRate = decoder.rate
    squareRate = squares.rate
    parameterCount = objective.layout.count
  }
}

/// Samples that mean nothing, of the shape that a policy learns.
private struct MadeUpSamples: BatchSource {
  let sampleCount = Int.max
  let tokenCount: Int
  private let configuration: Configuration
  private let promptIDs: [Int]
  private let chunk: Int
  private let seed: UInt64

  init(_ start: TrainingStart, seed: UInt64) throws {
    configuration = start.configuration
    self.seed = seed
    guard case .diffusion(let head) = configuration.actionHead else {
      throw TrainingDataError.noChunk(head: "action tokens")
    }
    chunk = head.chunk
    promptIDs = try Prompt.ids(
      instruction: "put the rubbish in the bin", tokenizer: start.tokenizer,
      configuration: configuration)
    let patches = configuration.towers.first?.patchCount(imageSize: configuration.image.size)
    tokenCount = promptIDs.count + (patches ?? 0)
  }

  func batch(update: Int, microBatch: Int, range: Range<Int>) -> [LearningSample] {
    let side = configuration.image.size
    return range.map { index in
      var generator = SeededGenerator(
        seed: SeededGenerator.derive(seed, ["\(update)", "\(microBatch)", "\(index)"]))
      let pixels = (0..<side * side * 3).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      let gripperWidth = configuration.gripper == nil ? 0 : GripperState.width
      let actions = (0..<chunk * Action.width).map { _ in Float(2 * generator.uniform() - 1) }
      return LearningSample(
        picture: RGBImage(width: side, height: side, pixels: pixels), promptIDs: promptIDs,
        gripper: (0..<gripperWidth).map { _ in Float(2 * generator.uniform() - 1) },
        actions: Matrix(rows: chunk, columns: Action.width, elements: actions),
        isValid: Array(repeating: true, count: chunk), episode: index, step: 0)
    }
  }
}

/// Products of 32-bit floats and nothing between them, several threads at once, each with numbers
/// of its own.
private struct PlainProducts {
  /// Rows, inner width and columns of each.
  struct Shapes {
    var shapes: [(rows: Int, inner: Int, columns: Int)]

    /// A layer's linear maps over the tokens of a lane.
    static func decoder(_ language: LanguageConfiguration, rows: Int) -> Shapes {
      let (width, query, key) = (language.width, language.queryWidth, language.keyValueWidth)
      let maps = [
        (width, query), (width, key), (width, key), (query, width), (width, language.mlpWidth),
        (width, language.mlpWidth), (language.mlpWidth, width),
      ]
      return Shapes(shapes: maps.map { (rows, $0.0, $0.1) })
    }

    static let square = Shapes(shapes: [(1024, 1024, 1024)])
  }

  private let shapes: Shapes
  private let threads: Int
  private let left: [FloatStorage]
  private let right: [FloatStorage]
  private let results: [FloatStorage]
  private let rounds: Int
  private var seconds: [Double] = []

  /// Products of one turn, about a fifth of a second.
  private static let turnCost = 6_000_000_000

  init(_ shapes: Shapes, threads: Int) {
    self.shapes = shapes
    self.threads = threads
    func storages(_ size: ((rows: Int, inner: Int, columns: Int)) -> Int) -> [FloatStorage] {
      (0..<threads).map { _ in
        let storage = FloatStorage(count: shapes.shapes.map(size).max() ?? 0)
        storage.fill(0.01)
        return storage
      }
    }
    left = storages { $0.rows * $0.inner }
    right = storages { $0.inner * $0.columns }
    results = storages { $0.rows * $0.columns }
    rounds = max(1, PlainProducts.turnCost / max(1, shapes.cost))
  }

  mutating func run(keeping: Bool) {
    let begin = ContinuousClock.now
    ComputeThreads.run(threads) { thread in
      for _ in 0..<rounds {
        for shape in shapes.shapes {
          multiply(
            left[thread], Block(rows: shape.rows, columns: shape.inner, stride: shape.inner),
            right[thread], Block(rows: shape.columns, columns: shape.inner, stride: shape.inner),
            transposingRight: true, into: results[thread],
            Block(rows: shape.rows, columns: shape.columns, stride: shape.columns), adding: false)
        }
      }
    }
    if keeping { seconds.append(begin.duration(to: .now) / .seconds(1)) }
  }

  /// Multiply-accumulates a second of all threads together.
  var rate: Double {
    Double(rounds * shapes.cost * threads) / (Sample(seconds).median ?? .nan)
  }
}

extension PlainProducts.Shapes {
  var cost: Int { shapes.reduce(0) { $0 + $1.rows * $1.inner * $1.columns } }
}
