internal import Manipulation

/// Counts which sets of layers ran, task by task, as a router that looks at its input would vary
/// them.
struct MaskCensus {
  private let layerCount: Int
  private var tasks: [String: TaskMasks] = [:]

  init(layerCount: Int) {
    self.layerCount = layerCount
  }

  /// - Precondition: The mask has as many layers as the census.
  mutating func add(_ mask: LayerMask, of task: String) {
    tasks[task, default: TaskMasks(layerCount: layerCount)].add(mask)
  }

  /// Whether two queries ran different layers.
  var isVaried: Bool { Set(tasks.values.flatMap(\.masks.keys)).count > 1 }

  /// `nil` without layers or queries.
  var health: RouterHealth? {
    guard layerCount > 0, !tasks.isEmpty else { return nil }
    // Sorted, so that sums are added up in one order.
    let byTask = tasks.keys.sorted().compactMap { tasks[$0] }
    let all = byTask.reduce(into: TaskMasks(layerCount: layerCount)) { $0.add($1) }
    let pairs = MaskPairs(all: all, byTask: byTask)
    return RouterHealth(
      queries: all.queries, layerCount: layerCount, entropy: all.entropy,
      entropyWithinTasks: RouterHealth.mean(byTask.map(\.entropy)),
      decisionBits: all.decisionBits,
      neverUsed: all.layers { $0 == 0 }, alwaysUsed: all.layers { $0 == all.queries },
      distinctMasks: all.masks.count, sameTask: pairs.sameTask,
      differentTasks: pairs.differentTasks)
  }
}

/// The masks of one task, or of all.
struct TaskMasks {
  private(set) var queries = 0
  /// For each layer the queries that ran it at all.
  private(set) var counts: [Int]
  private(set) var masks: [MaskBits: Int] = [:]
  /// For each layer the sum of the shares of tokens that it saw.
  private var shares: [Double]

  init(layerCount: Int) {
    counts = [Int](repeating: 0, count: layerCount)
    shares = [Double](repeating: 0, count: layerCount)
  }

  mutating func add(_ mask: LayerMask) {
    queries += 1
    for layer in counts.indices {
      counts[layer] += mask.runs(layer) ? 1 : 0
      shares[layer] += Double(mask.shares[layer])
    }
    masks[MaskBits(mask), default: 0] += 1
  }

  mutating func add(_ other: TaskMasks) {
    queries += other.queries
    for layer in counts.indices {
      counts[layer] += other.counts[layer]
      shares[layer] += other.shares[layer]
    }
    masks.merge(other.masks, uniquingKeysWith: +)
  }

  func layers(where condition: (Int) -> Bool) -> [Int] {
    counts.indices.filter { condition(counts[$0]) }
  }

  /// The entropy of how the work is divided among the layers, from 0 (one layer does all) to 1 (all
  /// do alike); `nil` for a single layer, or when none ran.
  var entropy: Double? {
    let total = shares.reduce(0, +)
    guard shares.count > 1, total > 0 else { return nil }
    let entropy = shares.reduce(0) { sum, share in
      share > 0 ? sum - share / total * Entropy.log2(share / total) : sum
    }
    return min(1, entropy / Entropy.log2(Double(shares.count)))
  }

  /// The mean over layers of the entropy of "does it run?", in bits: 0 where every query gets the
  /// same layers, 1 where each layer is as good as a coin.
  var decisionBits: Double? {
    guard queries > 0, !counts.isEmpty else { return nil }
    let bits = counts.reduce(0) { $0 + Entropy.bits(Double($1) / Double(queries)) }
    return bits / Double(counts.count)
  }
}

/// Which layers ran, 64 to a word.
struct MaskBits: Hashable, Comparable {
  private var words: [UInt64]

  init(_ mask: LayerMask) {
    words = [UInt64](repeating: 0, count: (mask.layerCount + 63) / 64)
    for layer in 0..<mask.layerCount where mask.runs(layer) {
      words[layer / 64] |= 1 << (layer % 64)
    }
  }

  static func < (left: MaskBits, right: MaskBits) -> Bool {
    left.words.lexicographicallyPrecedes(right.words)
  }

  /// Jaccard's index: the layers that both have, of those that either has; 1 for two empty sets.
  func overlap(with other: MaskBits) -> Double {
    var (both, either) = (0, 0)
    for (a, b) in zip(words, other.words) {
      both += (a & b).nonzeroBitCount
      either += (a | b).nonzeroBitCount
    }
    return either == 0 ? 1 : Double(both) / Double(either)
  }
}
