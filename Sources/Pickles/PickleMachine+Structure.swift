extension PickleMachine {
  /// Executes an instruction that makes or fills containers; `false` for other instructions.
  mutating func container(_ opcode: PickleOpcode) throws(PickleFault) -> Bool {
    switch opcode {
    case .mark: try pushMark()
    case .emptyList: try push(.init(kind: .list))
    case .emptyTuple: try push(.init(kind: .tuple))
    case .emptyDict: try push(.init(kind: .dict))
    case .emptySet: try push(.init(kind: .set))
    case .list: try push(.init(kind: .list, items: popToMark()))
    case .tuple: try push(.init(kind: .tuple, items: popToMark()))
    case .dict: try push(.init(kind: .dict, items: pairsToMark()))
    case .frozenset: try push(.init(kind: .set, items: popToMark()))
    case .tuple1: try tuple(of: 1)
    case .tuple2: try tuple(of: 2)
    case .tuple3: try tuple(of: 3)
    case .append: try fillList([pop()])
    case .appends: try fillList(popToMark())
    case .additems: try fillSet(popToMark())
    case .setitem:
      let (value, key) = (try pop(), try pop())
      try fillDictionary([key, value])
    case .setitems: try fillDictionary(pairsToMark())
    default: return false
    }
    return true
  }

  /// Executes an instruction of the stack and the memo; `false` for other instructions.
  mutating func memory(_ opcode: PickleOpcode) throws(PickleFault) -> Bool {
    switch opcode {
    case .proto:
      let version = try byte()
      guard version <= 5 else { throw .unsupported("protocol \(version)") }
    // A frame only tells how much to buffer; its length is not needed.
    case .frame: _ = try unsigned(8)
    case .pop: try discardTop()
    case .popMark: _ = try popToMark()
    case .dup: try push(index: top())
    case .get: try recall(memoLine())
    case .binget: try recall(Int(unsigned(1)))
    case .longBinget: try recall(Int(unsigned(4)))
    case .put: try remember(memoLine())
    case .binput: try remember(Int(unsigned(1)))
    case .longBinput: try remember(Int(unsigned(4)))
    case .memoize: try remember(memo.count)
    default: return false
    }
    return true
  }

  private mutating func tuple(of count: Int) throws(PickleFault) {
    var items: [Int] = []
    for _ in 0..<count { items.append(try pop()) }
    try push(.init(kind: .tuple, items: items.reversed()))
  }

  private mutating func pairsToMark() throws(PickleFault) -> [Int] {
    let items = try popToMark()
    guard items.count.isMultiple(of: 2) else { throw .wrongOperand("a dictionary's addition") }
    return items
  }

  private mutating func fillList(_ items: [Int]) throws(PickleFault) {
    guard case .list = arena[try top()].kind else { throw .wrongOperand("a list's addition") }
    arena.append(items, to: try top())
  }

  private mutating func fillSet(_ items: [Int]) throws(PickleFault) {
    guard case .set = arena[try top()].kind else { throw .wrongOperand("a set's addition") }
    arena.append(items, to: try top())
  }

  private mutating func fillDictionary(_ items: [Int]) throws(PickleFault) {
    guard case .dict = arena[try top()].kind else {
      throw .wrongOperand("a dictionary's addition")
    }
    arena.append(items, to: try top())
  }

  /// As in Python, POP on a mark removes the mark.
  private mutating func discardTop() throws(PickleFault) {
    if marks.last == stack.count, !marks.isEmpty {
      marks.removeLast()
    } else {
      _ = try pop()
    }
  }

  private mutating func memoLine() throws(PickleFault) -> Int {
    guard let key = Int(try line()) else { throw .wrongOperand("a reference") }
    return key
  }

  private mutating func remember(_ key: Int) throws(PickleFault) {
    memo[key] = try top()
    try checkCount(memo.count)
  }

  private mutating func recall(_ key: Int) throws(PickleFault) {
    guard let index = memo[key] else { throw .missingMemo(key) }
    try push(index: index)
  }
}
