/// Finds the most probable pieces of a text under a unigram model (Viterbi).
struct UnigramLattice: Sendable {
  /// How much less an unknown character scores than the rarest piece, as in SentencePiece.
  private static let unknownPenalty: Float = 10

  private let trie: PieceTrie
  private let pieces: [SentencePieceSpecification.Piece]
  private let unknownID: Int
  private let unknownScore: Float
  private let highestScore: Float

  init(
    _ pieces: [SentencePieceSpecification.Piece], textIDs: [ByteString: Int], unknownID: Int
  ) {
    var trie = PieceTrie()
    for (piece, id) in textIDs where pieces[id].kind != .unused {
      trie.insert(piece.utf8, value: id)
    }
    let scores = pieces.filter { $0.kind == .normal }.map(\.score)
    self.trie = trie
    self.pieces = pieces
    self.unknownID = unknownID
    unknownScore = (scores.min() ?? .greatestFiniteMagnitude) - Self.unknownPenalty
    highestScore = max(scores.max() ?? 0, .leastNormalMagnitude)
  }

  private struct Node {
    var score: Float = 0
    /// -1 when nothing ends here.
    var start = -1
    var id = -1
  }

  /// The pieces of the best path, in order; a character that is in none has `unknownID`.
  ///
  /// Sums are single-precision as in SentencePiece, since its choice between near-equal paths
  /// follows from their rounding.
  func bestPath(_ text: [UInt8]) -> [(Range<Int>, id: Int)] {
    var nodes = [Node](repeating: Node(), count: text.count + 1)
    var start = 0
    while start < text.count {
      let length = UTF8Text.characterLength(in: text, at: start)
      let scoreHere = nodes[start].score
      var isCovered = false
      trie.forEachMatch(in: text, at: start) { end, id in
        let score = score(id, byteCount: end - start) + scoreHere
        if nodes[end].start < 0 || score > nodes[end].score {
          nodes[end] = Node(score: score, start: start, id: id)
        }
        if end - start == length { isCovered = true }
      }
      if !isCovered {
        let (end, score) = (start + length, unknownScore + scoreHere)
        if nodes[end].start < 0 || score > nodes[end].score {
          nodes[end] = Node(score: score, start: start, id: unknownID)
        }
      }
      start += length
    }
    return path(nodes)
  }

  /// A user-defined piece scores so that it is always chosen.
  private func score(_ id: Int, byteCount: Int) -> Float {
    pieces[id].kind == .userDefined ? Float(byteCount) * highestScore - 0.1 : pieces[id].score
  }

  private func path(_ nodes: [Node]) -> [(Range<Int>, id: Int)] {
    var path: [(Range<Int>, id: Int)] = []
    var end = nodes.count - 1
    while end > 0, nodes[end].start >= 0 {
      path.append((nodes[end].start..<end, nodes[end].id))
      end = nodes[end].start
    }
    return path.reversed()
  }
}
