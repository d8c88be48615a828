/// The values of a pickle while it is read, referred to by index.
///
/// A pickle may fill a list after other values refer to it, may share values and may even make
/// cycles. Indices instead of references keep all of that finite: nothing leaks, and freeing a
/// deep chain does not recurse.
struct PickleArena {
  enum Kind {
    case leaf(PickleValue)
    case list, tuple, set
    /// Items are keys and values in turn.
    case dict
    /// Items are the arguments.
    case call(PickleGlobal)
    /// The one item says where the value lies.
    case external
  }

  struct Node {
    var kind: Kind
    var items: [Int] = []
    /// What a made object was given after its making.
    var state: Int?

    static func leaf(_ value: PickleValue) -> Node { Node(kind: .leaf(value)) }
  }

  private enum Progress {
    case untouched
    case underway
    case done(PickleValue, size: Int)
  }

  private(set) var nodes: [Node] = []
  private var progress: [Progress] = []
  private let limits: PickleLimits
  let vocabulary: PickleVocabulary

  init(limits: PickleLimits, vocabulary: PickleVocabulary) {
    self.limits = limits
    self.vocabulary = vocabulary
  }

  mutating func add(_ node: Node) throws(PickleFault) -> Int {
    guard nodes.count < limits.valueCount else { throw .tooManyValues(limit: limits.valueCount) }
    nodes.append(node)
    return nodes.count - 1
  }

  subscript(index: Int) -> Node { nodes[index] }

  /// Adds items to a list or set, or keys and values in turn to a dictionary.
  mutating func append(_ items: [Int], to index: Int) {
    nodes[index].items.append(contentsOf: items)
  }

  /// Gives a made object its state.
  mutating func build(_ index: Int, state: Int) throws(PickleFault) {
    switch nodes[index].kind {
    case .call where nodes[index].state == nil: nodes[index].state = state
    // Attributes of an ordered dictionary, such as PyTorch's '_metadata': beside its content.
    case .dict: break
    default: throw .wrongOperand("a state")
    }
  }

  /// The finished value of a node, without references.
  mutating func value(of root: Int) throws(PickleFault) -> PickleValue {
    progress = Array(repeating: .untouched, count: nodes.count)
    return try resolve(root, depth: 0).value
  }

  private mutating func resolve(_ index: Int, depth: Int) throws(PickleFault) -> (
    value: PickleValue, size: Int
  ) {
    switch progress[index] {
    case .done(let value, let size): return (value, size)
    case .underway: throw .selfReference
    case .untouched: break
    }
    guard depth <= limits.depth else { throw .tooDeep(limit: limits.depth) }
    progress[index] = .underway
    let (value, size) = try make(nodes[index], depth: depth)
    // Shared values make a small file stand for an enormous one; a reader would walk all of it.
    guard size <= limits.expandedCount else { throw .tooManyValues(limit: limits.expandedCount) }
    progress[index] = .done(value, size: size)
    return (value, size)
  }

  private mutating func make(_ node: Node, depth: Int) throws(PickleFault) -> (PickleValue, Int) {
    if case .leaf(let value) = node.kind { return (value, 1) }
    let (items, size) = try resolveAll(node.items, depth: depth)
    switch node.kind {
    case .leaf(let value): return (value, 1)
    case .list: return (.list(items), size)
    case .tuple: return (.tuple(items), size)
    case .set: return (.set(items), size)
    case .dict: return (.dict(PickleCall.entries(alternating: items)), size)
    case .external: return (.external(items.first ?? .none), size)
    case .call(let global):
      var call = PickleCall(
        global: global, role: vocabulary.role(of: global), arguments: items)
      guard let state = node.state else { return (try call.value, size) }
      let (stateValue, stateSize) = try resolve(state, depth: depth + 1)
      call.state = stateValue
      return (try call.value, size + stateSize)
    }
  }

  private mutating func resolveAll(_ items: [Int], depth: Int) throws(PickleFault) -> (
    [PickleValue], Int
  ) {
    var values: [PickleValue] = []
    var size = 1
    values.reserveCapacity(items.count)
    for item in items {
      let (value, itemSize) = try resolve(item, depth: depth + 1)
      values.append(value)
      size += itemSize
      guard size <= limits.expandedCount else { throw .tooManyValues(limit: limits.expandedCount) }
    }
    return (values, size)
  }
}
