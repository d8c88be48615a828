/// A class or function that a pickle names; only those of a reader's `PickleVocabulary` may appear.
package struct PickleGlobal: Hashable, Sendable, CustomStringConvertible {
  package let module: String
  package let name: String

  package init(module: String, name: String) {
    self.module = module
    self.name = name
  }

  package var description: String { "\(module).\(name)" }
}
