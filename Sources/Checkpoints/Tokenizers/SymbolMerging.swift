/// The symbols of a word while byte-pair encoding merges neighbours.
///
/// A linked list and a heap of candidate pairs: n symbols take O(n log n), however long the word.
struct SymbolMerging {
  struct Symbol {
    /// The place in the text; never empty while the symbol lives.
    var range: Range<Int>
    /// The piece; negative when it is not in the vocabulary.
    var id: Int
    /// Whether it may merge.
    var merges = true
  }

  /// What two neighbours would become.
  struct Candidate {
    /// The highest is merged first, the leftmost of equals.
    var priority: Double
    var id: Int
  }

  private struct Pair {
    var priority: Double
    var left: Int
    var right: Int
    var end: Int
    var id: Int

    func precedes(_ other: Pair) -> Bool {
      priority != other.priority ? priority > other.priority : left < other.left
    }
  }

  private var symbols: [Symbol]
  private var next: [Int]
  private var previous: [Int]
  private var heap: [Pair] = []

  /// Merges until no pair of neighbours is a candidate.
  ///
  /// - Parameters:
  ///   - symbols: The characters of the text, in order, back to back.
  ///   - candidate: What two neighbours become; nil when they stay apart.
  static func merge(
    _ symbols: [Symbol], candidate: (Symbol, Symbol) -> Candidate?
  ) -> [Symbol] {
    guard symbols.count > 1 else { return symbols }
    var merging = SymbolMerging(symbols)
    for left in 0..<symbols.count - 1 { merging.propose(left, left + 1, candidate) }
    while let pair = merging.pop() { merging.join(pair, candidate) }
    return merging.remaining
  }

  private init(_ symbols: [Symbol]) {
    self.symbols = symbols
    next = (1...symbols.count).map { $0 < symbols.count ? $0 : -1 }
    previous = (0..<symbols.count).map { $0 - 1 }
  }

  private mutating func propose(
    _ left: Int, _ right: Int, _ candidate: (Symbol, Symbol) -> Candidate?
  ) {
    guard left >= 0, right >= 0, symbols[left].merges, symbols[right].merges,
      let found = candidate(symbols[left], symbols[right])
    else { return }
    push(
      Pair(
        priority: found.priority, left: left, right: right, end: symbols[right].range.upperBound,
        id: found.id))
  }

  private mutating func join(_ pair: Pair, _ candidate: (Symbol, Symbol) -> Candidate?) {
    // Either symbol may have been merged since the pair was proposed.
    guard !symbols[pair.left].range.isEmpty, next[pair.left] == pair.right,
      symbols[pair.right].range.upperBound == pair.end
    else { return }
    symbols[pair.left].range = symbols[pair.left].range.lowerBound..<pair.end
    symbols[pair.left].id = pair.id
    symbols[pair.right].range = pair.end..<pair.end
    let after = next[pair.right]
    next[pair.left] = after
    if after >= 0 { previous[after] = pair.left }
    propose(previous[pair.left], pair.left, candidate)
    propose(pair.left, after, candidate)
  }

  private var remaining: [Symbol] {
    symbols.filter { !$0.range.isEmpty }
  }
}

// MARK: - The heap

extension SymbolMerging {
  private mutating func push(_ pair: Pair) {
    heap.append(pair)
    var child = heap.count - 1
    while child > 0, heap[child].precedes(heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func pop() -> Pair? {
    guard let top = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return top }
    heap[0] = last
    var parent = 0
    while true {
      var best = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && heap[child].precedes(heap[best]) {
        best = child
      }
      guard best != parent else { return top }
      heap.swapAt(parent, best)
      parent = best
    }
  }
}
