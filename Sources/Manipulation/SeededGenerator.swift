import Foundation

/// A small reproducible random number generator: SplitMix64 (Steele, Lea, Flood, 2014).
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) {
    state = seed
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return SeededGenerator.mix(state)
  }

  /// Goes on as if `count` numbers had been drawn, at once.
  package mutating func skip(_ count: Int) {
    state &+= UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
  }

  /// A uniform number in [0, 1) with 53 random bits.
  package mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A standard normal number (Box-Muller, cosine branch) of two draws.
  package mutating func gaussian() -> Float {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return Float(radius * cos(2 * .pi * uniform()))
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A seed that depends on `seed` and every part, in order (FNV-1a, then mixed).
  ///
  /// An episode's seed comes from (run seed, suite, task, variation, index), so that order,
  /// parallelism, sharding and resumption never change a result.
  package static func derive(_ seed: UInt64, _ parts: [String]) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ mix(seed)
    for part in parts {
      for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
      hash = mix(hash ^ 0xFF)
    }
    return mix(hash)
  }
}

extension EpisodeIdentity {
  /// The seed of this episode in the run with seed `runSeed`.
  package func seed(runSeed: UInt64) -> UInt64 {
    SeededGenerator.derive(runSeed, [suite, task, String(variation), String(index)])
  }
}
