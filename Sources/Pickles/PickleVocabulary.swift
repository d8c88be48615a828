/// What a reader's pickles may name, and what each name stands for.
///
/// Nothing is looked up or called in any runtime: a name is compared with this list, and any other,
/// `posix.system` for one, is an error.
package struct PickleVocabulary: Sendable {
  /// What the machine does for an allowed name.
  enum Role: Sendable {
    case reconstructArray, arrayFromBuffer, scalar, arrayType, elementType
    case encode, reconstructObject, plainObject
    case list, tuple, set, dict, bytes
    case record, symbol
  }

  /// Whether values may lie outside of the pickle (`PickleValue.external`).
  package private(set) var allowsExternalValues = false
  private var roles: [PickleGlobal: Role] = [:]

  /// `nil` for everything that is not on the list.
  func role(of global: PickleGlobal) -> Role? { roles[global] }

  /// Python's own containers, texts, and NumPy's arrays, scalars and element types.
  package static let numPy: PickleVocabulary = {
    var words = PickleVocabulary()
    // NumPy 2 moved `core` to `_core`; both names are in the wild.
    words.allow(
      ["numpy.core.multiarray", "numpy._core.multiarray"],
      ["_reconstruct": .reconstructArray, "scalar": .scalar])
    words.allow(
      ["numpy.core.numeric", "numpy._core.numeric"], ["_frombuffer": .arrayFromBuffer])
    words.allow(["numpy"], ["ndarray": .arrayType, "dtype": .elementType])
    words.allow(["_codecs"], ["encode": .encode])
    words.allow(["copyreg", "copy_reg"], ["_reconstructor": .reconstructObject])
    words.allow(
      ["builtins", "__builtin__"],
      [
        "object": .plainObject, "list": .list, "tuple": .tuple, "set": .set, "frozenset": .set,
        "dict": .dict, "bytes": .bytes, "bytearray": .bytes,
      ])
    words.allow(["collections"], ["OrderedDict": .dict])
    return words
  }()

  /// The same list and these classes or functions: what they make is a `PickleObject`, which holds
  /// the arguments and the state and does nothing.
  package func allowing(records names: [String], of module: String) -> PickleVocabulary {
    adding(.record, names, of: module)
  }

  /// The same list and these names, which may appear as values and cannot be called.
  package func allowing(symbols names: [String], of module: String) -> PickleVocabulary {
    adding(.symbol, names, of: module)
  }

  /// The same list and this class, whose instances are tuples.
  package func allowing(tuple name: String, of module: String) -> PickleVocabulary {
    adding(.tuple, [name], of: module)
  }

  /// The same list, for pickles that refer to values outside of them.
  package func allowingExternalValues() -> PickleVocabulary {
    var words = self
    words.allowsExternalValues = true
    return words
  }

  private func adding(_ role: Role, _ names: [String], of module: String) -> PickleVocabulary {
    var words = self
    for name in names { words.allow([module], [name: role]) }
    return words
  }

  private mutating func allow(_ modules: [String], _ members: [String: Role]) {
    for module in modules {
      for (name, role) in members { roles[PickleGlobal(module: module, name: name)] = role }
    }
  }
}
