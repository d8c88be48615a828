import Foundation

/// Probabilities of the numbers from `first` on, one after the other.
struct DiscreteWeights {
  let first: Int
  let values: [Double]

  var range: Range<Int> { first..<first + values.count }

  subscript(_ number: Int) -> Double {
    range.contains(number) ? values[number - first] : 0
  }

  /// How many of `drawn` things that are taken without replacement are among the `marked` of
  /// `marked` + `unmarked` things (the hypergeometric distribution).
  static func hypergeometric(marked: Int, unmarked: Int, drawn: Int) -> DiscreteWeights {
    let (low, high) = (max(0, drawn - unmarked), min(drawn, marked))
    let mode = (drawn + 1) * (marked + 1) / (marked + unmarked + 2)
    return DiscreteWeights(from: low, to: high, mode: mode, least: 1e-300) { k in
      Double(marked - k) * Double(drawn - k)
        / (Double(k + 1) * Double(unmarked - drawn + k + 1))
    }
  }

  /// How many of `trials` succeed; what is rarer than 1e-18 of the commonest is left out.
  static func binomial(trials: Int, rate: Double) -> DiscreteWeights {
    guard rate > 0 else { return DiscreteWeights(first: 0, values: [1]) }
    guard rate < 1 else { return DiscreteWeights(first: trials, values: [1]) }
    let odds = rate / (1 - rate)
    let mode = Int(Double(trials + 1) * rate)
    return DiscreteWeights(from: 0, to: trials, mode: mode, least: 1e-18) { k in
      Double(trials - k) / Double(k + 1) * odds
    }
  }

  private init(first: Int, values: [Double]) {
    self.first = first
    self.values = values
  }

  /// - Parameters:
  ///   - least: What is rarer than this share of the commonest is left out.
  ///   - ratio: The weight of k + 1 over that of k.
  private init(from low: Int, to high: Int, mode: Int, least: Double, ratio: (Int) -> Double) {
    let mode = min(high, max(low, mode))
    var below: [Double] = []
    var weight = 1.0
    var place = mode
    while place > low, weight > least {
      place -= 1
      weight /= ratio(place)
      below.append(weight)
    }
    var values = Array(below.reversed()) + [1]
    (weight, place) = (1, mode)
    while place < high, weight > least {
      weight *= ratio(place)
      place += 1
      values.append(weight)
    }
    let sum = Sample(values).sum
    self.init(first: mode - below.count, values: values.map { $0 / sum })
  }
}
