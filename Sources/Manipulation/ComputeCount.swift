/// A part of a policy whose compute is counted and timed apart.
package enum PolicyPart: String, Codable, CaseIterable, Sendable, CodingKeyRepresentable {
  case vision
  case projector
  case router
  case languageLayers = "language_layers"
  case languageHead = "language_head"
  case actionHead = "action_head"
}

/// Multiply-accumulates by part; 1 MAC = 2 FLOPs.
package struct MACCount: Codable, Equatable, Sendable {
  private var counts: [PolicyPart: Int]

  package init(_ counts: [PolicyPart: Int] = [:]) {
    self.counts = counts
  }

  package subscript(part: PolicyPart) -> Int {
    get { counts[part, default: 0] }
    set { counts[part] = newValue }
  }

  /// The paper's "FLOPs (G)": the language model's prefill with its router, without vision and
  /// action head.
  package var languageModel: Int { self[.router] + self[.languageLayers] }

  package var total: Int { PolicyPart.allCases.reduce(0) { $0 + self[$1] } }

  package static func + (left: MACCount, right: MACCount) -> MACCount {
    var sum = left
    for part in PolicyPart.allCases { sum[part] += right[part] }
    return sum
  }

  package init(from decoder: any Decoder) throws {
    counts = try decoder.singleValueContainer().decode([PolicyPart: Int].self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(
      Dictionary(uniqueKeysWithValues: PolicyPart.allCases.map { ($0, self[$0]) }))
  }
}

/// What one query cost.
package struct ComputeCount: Codable, Equatable, Sendable {
  /// What the layer mask and the published formulas say.
  package var nominal: MACCount
  /// What ran, counted where it ran.
  package var executed: MACCount

  package init(nominal: MACCount, executed: MACCount) {
    self.nominal = nominal
    self.executed = executed
  }
}
