/// A class or function that a pickle names; only those of a short list may appear.
package struct PickleGlobal: Hashable, Sendable, CustomStringConvertible {
  package let module: String
  package let name: String

  package var description: String { "\(module).\(name)" }

  /// What the machine does for an allowed global. Nothing is looked up or called in any runtime.
  enum Role: Sendable {
    case reconstructArray, arrayFromBuffer, scalar, arrayType, elementType
    case encode, reconstructObject, plainObject
    case list, tuple, set, dict, bytes
    case record
  }

  /// `nil` for everything that is not on the list, `posix.system` for one.
  var role: Role? { PickleGlobal.roles[self] }

  private static let roles: [PickleGlobal: Role] = {
    var roles: [PickleGlobal: Role] = [:]
    func allow(_ modules: [String], _ members: [String: Role]) {
      for module in modules {
        for (name, role) in members { roles[PickleGlobal(module: module, name: name)] = role }
      }
    }
    // NumPy 2 moved `core` to `_core`; both names are in the wild.
    allow(
      ["numpy.core.multiarray", "numpy._core.multiarray"],
      ["_reconstruct": .reconstructArray, "scalar": .scalar])
    allow(["numpy.core.numeric", "numpy._core.numeric"], ["_frombuffer": .arrayFromBuffer])
    allow(["numpy"], ["ndarray": .arrayType, "dtype": .elementType])
    allow(["_codecs"], ["encode": .encode])
    allow(["copyreg", "copy_reg"], ["_reconstructor": .reconstructObject])
    allow(
      ["builtins", "__builtin__"],
      [
        "object": .plainObject, "list": .list, "tuple": .tuple, "set": .set, "frozenset": .set,
        "dict": .dict, "bytes": .bytes, "bytearray": .bytes,
      ])
    allow(["collections"], ["OrderedDict": .dict])
    allow(["rlbench.demo"], ["Demo": .record])
    allow(["rlbench.backend.observation"], ["Observation": .record])
    return roles
  }()
}
