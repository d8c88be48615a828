extension PickleMachine {
  /// Executes an instruction that names a global or makes an object; `false` for other instructions.
  mutating func object(_ opcode: PickleOpcode) throws(PickleFault) -> Bool {
    switch opcode {
    case .global: try push(.leaf(.global(allowed(module: line(), name: line()))))
    case .stackGlobal:
      let (name, module) = (try popText(), try popText())
      try push(.leaf(.global(allowed(module: module, name: name))))
    case .reduce, .newobj:
      let (arguments, global) = (try popTuple(), try popGlobal())
      try call(global, arguments)
    case .newobjEx:
      let named = arena[try pop()]
      guard case .dict = named.kind, named.items.isEmpty else {
        throw .unsupported("named arguments")
      }
      let (arguments, global) = (try popTuple(), try popGlobal())
      try call(global, arguments)
    case .inst:
      let global = try allowed(module: line(), name: line())
      try call(global, popToMark())
    case .obj:
      let items = try popToMark()
      guard let first = items.first else { throw .stackUnderflow }
      try call(global(at: first), Array(items.dropFirst()))
    case .build:
      let state = try pop()
      try arena.build(top(), state: state)
    case .binpersid where arena.vocabulary.allowsExternalValues:
      try push(.init(kind: .external, items: [pop()]))
    default: return false
    }
    return true
  }

  private func role(of global: PickleGlobal) -> PickleVocabulary.Role? {
    arena.vocabulary.role(of: global)
  }

  private func allowed(module: String, name: String) throws(PickleFault) -> PickleGlobal {
    let global = PickleGlobal(module: module, name: name)
    guard role(of: global) != nil else { throw .forbidden(global) }
    return global
  }

  private mutating func call(_ global: PickleGlobal, _ arguments: [Int]) throws(PickleFault) {
    switch role(of: global) {
    // A dictionary is filled by later instructions, so it must exist as one now.
    case .dict where arguments.isEmpty: try push(.init(kind: .dict))
    case .reconstructObject:
      guard arguments.count >= 2, try role(of: self.global(at: arguments[1])) == .plainObject
      else {
        throw .unsupported("objects with a base other than 'object'")
      }
      try push(.init(kind: .call(self.global(at: arguments[0]))))
    default: try push(.init(kind: .call(global), items: arguments))
    }
  }

  private mutating func popGlobal() throws(PickleFault) -> PickleGlobal {
    try global(at: pop())
  }

  private func global(at index: Int) throws(PickleFault) -> PickleGlobal {
    guard case .leaf(.global(let global)) = arena[index].kind else { throw .wrongOperand("a call") }
    return global
  }

  private mutating func popTuple() throws(PickleFault) -> [Int] {
    let node = arena[try pop()]
    guard case .tuple = node.kind else { throw .wrongOperand("a call") }
    return node.items
  }

  private mutating func popText() throws(PickleFault) -> String {
    guard case .leaf(.string(let text)) = arena[try pop()].kind else {
      throw .wrongOperand("a global's name")
    }
    return text
  }
}
