/// A part of a policy whose compute is counted and timed apart.
package enum PolicyPart: String, Codable, CaseIterable, Sendable, CodingKeyRepresentable {
  case vision
  case projector
  case router
  case languageLayers = "language_layers"
  case languageHead = "language_head"
  case actionHead = "action_head"

  /// Its place among all.
  fileprivate var place: Int {
    switch self {
    case .vision: 0
    case .projector: 1
    case .router: 2
    case .languageLayers: 3
    case .languageHead: 4
    case .actionHead: 5
    }
  }
}

/// Multiply-accumulates by part; 1 MAC = 2 FLOPs.
package struct MACCount: Codable, Equatable, Sendable {
  /// One a part, in the order of `PolicyPart`; a journal has millions, so they lie in the value.
  private var counts = SIMD8<Int>.zero

  package init(_ counts: [PolicyPart: Int] = [:]) {
    for (part, count) in counts { self[part] = count }
  }

  package subscript(part: PolicyPart) -> Int {
    get { counts[part.place] }
    set { counts[part.place] = newValue }
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
    self.init(try decoder.singleValueContainer().decode([PolicyPart: Int].self))
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

  package enum CodingKeys: String, CodingKey, CaseIterable {
    case nominal
    case executed
  }

  package init(nominal: MACCount, executed: MACCount) {
    self.nominal = nominal
    self.executed = executed
  }
}
