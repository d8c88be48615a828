internal import Foundation
internal import Manipulation
package import NeuralLayers
internal import TensorMath

/// How well a language model foretells a text.
package struct Perplexity: Equatable, Sendable {
  /// Σ −log p of the tokens that are foretold, in nats.
  package private(set) var surprise = 0.0
  package private(set) var tokenCount = 0
  /// Multiply-accumulates of the layers, counted where they ran.
  package private(set) var layerMACs = 0
  package private(set) var windowCount = 0
  /// Tokens that the model held for the likeliest.
  package private(set) var hits = 0
  /// How often each token is what comes next.
  private var counts: [Int: Int] = [:]

  /// exp of the mean; not a number where nothing is foretold.
  package var value: Double { exp(surprise / Double(tokenCount)) }

  /// The share of the tokens that the model held for the likeliest.
  package var accuracy: Double { Double(hits) / Double(tokenCount) }

  /// The same for whoever always says the text's most frequent token.
  package var chance: Double { Double(counts.values.max() ?? 0) / Double(tokenCount) }

  /// - Parameters:
  ///   - logits: `[tokenCount, vocabularySize]`.
  ///   - ids: The window's tokens, of which all but the first are foretold.
  fileprivate mutating func add(_ logits: Matrix, _ ids: [Int], macs: Int) {
    for (row, next) in ids.dropFirst().enumerated() {
      let scores = logits.row(row)
      let highest = Double(scores.max() ?? 0)
      let total = scores.reduce(0) { $0 + exp(Double($1) - highest) }
      if Double(scores[next]) == highest { hits += 1 }
      counts[next, default: 0] += 1
      surprise += highest + log(total) - Double(scores[next])
    }
    tokenCount += ids.count - 1
    layerMACs += macs
    windowCount += 1
  }
}

extension LanguageModel {
  /// The perplexity of a text in windows that know nothing of one another.
  ///
  /// - Parameters:
  ///   - ids: The text's tokens; what is left after the last whole window is left out, unless there is
  ///     no whole one.
  ///   - window: Tokens of a window; at least 2.
  ///   - limit: At most so many windows; `nil` for all.
  ///   - progress: Called with the windows done and their number.
  package func perplexity(
    of ids: [Int], window: Int, limit: Int? = nil, selection: any LayerSelection,
    experts: ExpertRun = ExpertRun(), progress: (Int, Int) -> Void = { _, _ in }
  ) -> Perplexity {
    let size = min(window, ids.count)
    let count = min(size > 1 ? ids.count / size : 0, limit ?? .max)
    var result = Perplexity()
    for number in 0..<count {
      var meter = ComputeMeter()
      var trace = Trace(recording: false)
      let own = Array(ids[number * size..<(number + 1) * size])
      let answer = run(
        own, selection: selection, seed: UInt64(number), experts: experts, meter: &meter,
        trace: &trace)
      result.add(answer.logits, own, macs: meter.samples[0].executed[.languageLayers])
      progress(number + 1, count)
    }
    return result
  }
}
