package import Manipulation
internal import Statistics
package import TensorMath
package import VLAPolicy

/// What a method answers in one precision, beside its answers in another.
package struct PrecisionRow: Sendable {
  package let precision: Precision
  package let method: LayerMethod
  /// Median of a whole question.
  package let seconds: Double
  /// Of each question: the norm of the normalised actions' difference, as a share of their norm.
  package let actionErrors: [Double]
  /// The share of the decisions on layers that are the same.
  package let layerAgreement: Double
  /// The share of the questions on which every layer's decision is the same.
  package let sameLayers: Double
}

/// How far answers in smaller numbers are from those in larger ones, on given questions.
package struct PrecisionComparison: Sendable {
  package let rows: [PrecisionRow]
  package let processorShare: Double

  /// Asks the same questions in each precision, one after the other; the first is what the others
  /// are held against. One network is in memory at a time.
  ///
  /// - Parameters:
  ///   - load: Gives the network in a precision.
  ///   - queries: At least one.
  ///   - progress: Called with the questions answered and their number.
  /// - Throws: What `load` throws, and `PolicyError` for a question that the network cannot take.
  package init(
    precisions: [Precision], methods: [String], keep: Double, queries: [PolicyQuery],
    camera: String, unnormKey: String? = nil, load: (Precision) throws -> VLANetwork,
    progress: (Int, Int) -> Void
  ) throws {
    var watch = Stopwatch()
    var done = 0
    let total = precisions.count * methods.count * queries.count
    var reference: [String: [Answer]] = [:]
    var rows: [PrecisionRow] = []
    for precision in precisions {
      let network = try load(precision)
      for name in methods {
        let method = try LayerMethod(name, keep: keep, depth: network.decoder.depth)
        let selection = try network.selection(for: method, calibration: Calibration())
        let gripper = try network.gripperState(key: unnormKey)
        let inputs = try queries.map {
          try network.input(for: $0, camera: camera, gripper: gripper)
        }
        _ = Answer(network, inputs[0], selection, &watch)
        let answers = inputs.map { input in
          done += 1
          progress(done, total)
          return Answer(network, input, selection, &watch)
        }
        rows.append(PrecisionRow(precision, method, answers, beside: reference[name] ?? answers))
        reference[name] = reference[name] ?? answers
      }
    }
    self.rows = rows
    processorShare = watch.processorShare(threads: ComputeThreads.count)
  }
}

/// The answer to one question.
private struct Answer {
  let actions: [Float]
  let layers: [Bool]
  let seconds: Double

  init(
    _ network: VLANetwork, _ input: ForwardInput, _ selection: any LayerSelection,
    _ watch: inout Stopwatch
  ) {
    var (meter, traces) = (ComputeMeter(), [Trace(recording: false)])
    var results: [ForwardResult] = []
    seconds = watch.seconds {
      results = network.forward([input], selection: selection, meter: &meter, traces: &traces)
    }
    actions = results[0].normalizedActions.elements
    layers = results[0].mask.shares.map { $0 > 0 }
  }

  func error(beside exact: Answer) -> Double {
    func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let difference = zip(actions, exact.actions).map { Double($0) - Double($1) }
    return norm(difference) / max(norm(exact.actions.map(Double.init)), .leastNormalMagnitude)
  }
}

extension PrecisionRow {
  fileprivate init(
    _ precision: Precision, _ method: LayerMethod, _ answers: [Answer], beside exact: [Answer]
  ) {
    self.precision = precision
    self.method = method
    seconds = Sample(answers.map(\.seconds)).median ?? .nan
    let pairs = Array(zip(answers, exact))
    actionErrors = pairs.map { $0.error(beside: $1) }
    let decisions = pairs.flatMap { zip($0.layers, $1.layers) }
    layerAgreement = Double(decisions.count { $0 == $1 }) / Double(max(1, decisions.count))
    sameLayers = Double(pairs.count { $0.layers == $1.layers }) / Double(max(1, pairs.count))
  }
}
