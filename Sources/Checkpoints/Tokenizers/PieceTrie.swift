/// Finds the pieces that begin at a place of a text.
struct PieceTrie: Sendable {
  /// From (node, next byte) to node; the root is 0.
  private var children: [UInt64: Int32] = [:]
  /// The value that ends at each node, or -1.
  private var values: [Int32] = [-1]

  var isEmpty: Bool { children.isEmpty }

  /// - Precondition: `piece` is not empty and `value` fits 31 bits.
  mutating func insert(_ piece: [UInt8], value: Int) {
    precondition(!piece.isEmpty, "an empty piece is everywhere")
    var node: Int32 = 0
    for byte in piece {
      let edge = Self.edge(node, byte)
      if let next = children[edge] {
        node = next
      } else {
        let next = Int32(values.count)
        children[edge] = next
        values.append(-1)
        node = next
      }
    }
    values[Int(node)] = Int32(value)
  }

  /// Calls `body` with the end and the value of each piece that begins at `start`, the shortest
  /// first.
  func forEachMatch(in text: [UInt8], at start: Int, _ body: (_ end: Int, _ value: Int) -> Void) {
    var node: Int32 = 0
    for position in start..<text.count {
      guard let next = children[Self.edge(node, text[position])] else { return }
      node = next
      let value = values[Int(node)]
      if value >= 0 { body(position + 1, Int(value)) }
    }
  }

  /// The longest piece that begins at `start`.
  func longestMatch(in text: [UInt8], at start: Int) -> (end: Int, value: Int)? {
    var longest: (end: Int, value: Int)?
    forEachMatch(in: text, at: start) { longest = ($0, $1) }
    return longest
  }

  private static func edge(_ node: Int32, _ byte: UInt8) -> UInt64 {
    UInt64(UInt32(bitPattern: node)) << 8 | UInt64(byte)
  }
}
