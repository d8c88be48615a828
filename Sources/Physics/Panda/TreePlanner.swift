import Manipulation

/// Finds a way around obstacles: RRT-Connect (Kuffner and LaValle, 2000), two trees of joint angles
/// that grow towards each other, then shortcuts.
///
/// The random numbers come from a fixed seed, so that a plan reproduces.
struct TreePlanner {
  private let collides: (JointVector) -> Bool
  /// The length of a branch and of the pieces at which a branch is tested (rad, Euclidean).
  private let branchLength = 0.3
  private let testLength = 0.05
  private let roundLimit = 1500
  private let shortcutCount = 120

  init(collides: @escaping (JointVector) -> Bool) {
    self.collides = collides
  }

  /// The corners of a free way from `start` to one of `ends`, or `nil` when none was found.
  func corners(from start: JointVector, to ends: [JointVector]) -> [JointVector]? {
    var generator = SeededGenerator(seed: 0x54524545)
    var trees = (Tree(roots: [start]), Tree(roots: ends))
    for round in 0..<roundLimit {
      let sample = InverseKinematics.randomJoints(using: &generator)
      // the trees take turns in growing freely; the other then reaches for the new leaf
      let isStartsTurn = round.isMultiple(of: 2)
      guard let leaf = grow(&trees.0, towards: sample) else {
        swap(&trees.0, &trees.1)
        continue
      }
      let target = trees.0.nodes[leaf].joints
      if let meeting = connect(&trees.1, to: target) {
        let (there, back) = (trees.0.branch(to: leaf), trees.1.branch(to: meeting))
        let way =
          isStartsTurn
          ? there + back.reversed().dropFirst() : back + there.reversed().dropFirst()
        return shortened(way, using: &generator)
      }
      swap(&trees.0, &trees.1)
    }
    return nil
  }

  private struct Tree {
    var nodes: [(joints: JointVector, parent: Int?)]

    init(roots: [JointVector]) {
      nodes = roots.map { ($0, nil) }
    }

    func nearest(to joints: JointVector) -> Int {
      var best = (index: 0, distance: Double.infinity)
      for index in nodes.indices {
        let difference = nodes[index].joints.lanes - joints.lanes
        let distance = (difference * difference).sum()
        if distance < best.distance { best = (index, distance) }
      }
      return best.index
    }

    /// The joint angles from a root to a node.
    func branch(to node: Int) -> [JointVector] {
      var way: [JointVector] = []
      var next: Int? = node
      while let index = next {
        way.append(nodes[index].joints)
        next = nodes[index].parent
      }
      return way.reversed()
    }
  }

  /// Adds a branch from the nearest node towards `joints`; the number of the new node, or `nil`
  /// when the branch would collide.
  private func grow(_ tree: inout Tree, towards joints: JointVector) -> Int? {
    let nearest = tree.nearest(to: joints)
    let origin = tree.nodes[nearest].joints
    let way = joints - origin
    let end = way.length <= branchLength ? joints : origin + (branchLength / way.length) * way
    guard isFree(from: origin, to: end) else { return nil }
    tree.nodes.append((end, nearest))
    return tree.nodes.count - 1
  }

  /// Grows a tree until it arrives at `joints`; the number of that node, or `nil` when something
  /// stops it.
  private func connect(_ tree: inout Tree, to joints: JointVector) -> Int? {
    while let leaf = grow(&tree, towards: joints) {
      if tree.nodes[leaf].joints == joints { return leaf }
    }
    return nil
  }

  private func isFree(from start: JointVector, to end: JointVector) -> Bool {
    let count = max(1, Int(((end - start).length / testLength).rounded(.up)))
    return (1...count).allSatisfy { step in
      !collides(start + (Double(step) / Double(count)) * (end - start))
    }
  }

  /// Leaves out corners between randomly chosen ones where the direct way is free.
  private func shortened(
    _ way: [JointVector], using generator: inout SeededGenerator
  ) -> [JointVector] {
    var corners = way
    for _ in 0..<shortcutCount where corners.count > 2 {
      let first = Int(generator.uniform() * Double(corners.count - 2))
      let room = corners.count - first - 2
      let second = first + 2 + Int(generator.uniform() * Double(room))
      if isFree(from: corners[first], to: corners[second]) {
        corners.removeSubrange(first + 1..<second)
      }
    }
    return corners
  }
}
