package import TensorMath

/// What a training method minimises.
package protocol Objective: Sendable {
  var layout: ParameterLayout { get }

  /// Adds the gradient of the mean loss over `samples` to `gradient`, on the calling thread; several
  /// threads call at once, each with a gradient of its own. Deterministic in its arguments.
  ///
  /// - Parameters:
  ///   - teacher: The distillation's teacher, where there is one.
  ///   - seed: Seeds what is drawn: noise, steps, layers.
  ///   - update: The number of the update, from 0.
  func differentiate(
    _ samples: [LearningSample], at parameters: FloatStorage, teacher: FloatStorage?,
    seed: UInt64, update: Int, into gradient: FloatStorage
  ) -> LossParts

  /// The loss alone, with layers chosen as at evaluation.
  func evaluate(
    _ samples: [LearningSample], at parameters: FloatStorage, teacher: FloatStorage?, seed: UInt64
  ) -> LossParts
}

/// A term of the loss.
package enum LossPart: String, CaseIterable, Codable, Sendable {
  case task
  case mimic
  case reverseKL = "reverse_kl"
  case balance
  case auxiliary
  case expertBalance = "expert_balance"
  case prior
}

/// A loss and what it is made of.
package struct LossParts: Sendable {
  /// What is minimised.
  package var total: Double
  /// Each term before its weight.
  package var parts: [LossPart: Double]
  /// What is watched beside it, such as the router's entropy.
  package var measures: [String: Double]
  /// What products have cost, there and back.
  package var multiplyAccumulates = 0

  package init(
    total: Double = 0, parts: [LossPart: Double] = [:], measures: [String: Double] = [:]
  ) {
    self.total = total
    self.parts = parts
    self.measures = measures
  }
}

extension LossParts {
  /// Adds another account of the same samples.
  mutating func add(_ other: LossParts) {
    total += other.total
    parts.merge(other.parts) { $0 + $1 }
    measures.merge(other.measures) { $0 + $1 }
    multiplyAccumulates += other.multiplyAccumulates
  }
}
