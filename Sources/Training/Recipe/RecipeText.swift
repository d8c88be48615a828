internal import Checkpoints
internal import Files
internal import PlainYAML
internal import Yams

/// A recipe with all that it leaves to the program filled in.
///
/// What is written is kept as a tree, so that a key that says `null` says it again when it is
/// written out.
package struct ResolvedRecipe: Equatable, Sendable {
  package let recipe: Recipe
  private let tree: JSONObject

  /// The largest recipe that is read, in bytes.
  static let largestFile = 1 << 18

  /// Reads a recipe and checks it.
  ///
  /// - Parameter settings: Assignments `key=value` that win over the file; dots lead into a
  ///   mapping: `optimizer.learning_rate=3e-4`.
  /// - Throws: `TrainingError` with file, line or key.
  package init(path: String, settings: [String] = []) throws {
    try self.init(yaml: ResolvedRecipe.text(path: path), path: path, settings: settings)
  }

  /// Reads a recipe out of text that came from `path`.
  package init(yaml: String, path: String, settings: [String] = []) throws {
    var tree = try ResolvedRecipe.standard()
    tree.overlay(with: try ResolvedRecipe.mapping(yaml, path: path))
    for setting in settings { tree.overlay(with: try ResolvedRecipe.assignment(setting)) }
    recipe = try ResolvedRecipe.decode(tree, path: path)
    self.tree = tree
    try recipe.check()
  }

  /// The recipe with every key, one a line.
  package var yaml: String {
    YAMLTree.text(tree, order: Recipe.CodingKeys.allCases.map(\.rawValue))
  }

  /// The keys whose values differ from another recipe's, with dots into mappings.
  package func differences(from other: ResolvedRecipe) -> [String] {
    let (own, others) = (tree.leaves, other.tree.leaves)
    return Set(own.keys).union(others.keys).filter { key in
      guard let one = own[key], let two = others[key] else { return true }
      return one != two && (one.double == nil || one.double != two.double)
    }.sorted()
  }
}

extension ResolvedRecipe {
  /// A recipe that says nothing, with `null` for what has no standard.
  private static func standard() throws -> JSONObject {
    var tree = try JSONFile.value(encoding: Recipe()).object ?? JSONObject()
    for key in Recipe.CodingKeys.allCases where !tree.contains(key.rawValue) {
      tree.set(ByteString(key.rawValue), .null)
    }
    return tree
  }

  private static func decode(_ tree: JSONObject, path: String) throws -> Recipe {
    do {
      return try JSONFile.decode(
        Recipe.self, from: .object(tree), named: path, unknownKeys: .refused)
    } catch CheckpointError.unknownKeys(_, let keys) {
      throw TrainingError.recipeKeys(
        path: path, keys: keys, known: Recipe.CodingKeys.allCases.map(\.rawValue))
    } catch CheckpointError.wrongValue(_, let key, let reason) {
      throw TrainingError.recipeValue(path: path, key: key, problem: reason)
    }
  }

  private static func text(path: String) throws -> String {
    let bytes: [UInt8]
    do {
      bytes = try RegularFile.bytes(of: path, limit: largestFile)
    } catch {
      throw switch error {
      case .missing: TrainingError.recipeNotReadable(path: path, reason: "it does not exist")
      case .tooLarge(let count, let limit):
        TrainingError.recipeNotReadable(
          path: path, reason: "it has \(count) bytes, more than \(limit)")
      case .unreadable(let reason), .cannotWrite(let reason):
        TrainingError.recipeNotReadable(path: path, reason: reason)
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw TrainingError.recipeSyntax(path: path, line: 1, problem: "it is no UTF-8 text")
    }
    return text
  }

  private static func mapping(_ yaml: String, path: String) throws -> JSONObject {
    let node: Node?
    do {
      node = try PlainYAML.compose(yaml, bracketLimit: 128)
    } catch {
      throw TrainingError.recipeSyntax(path: path, line: error.line, problem: error.problem)
    }
    guard let node else { return JSONObject() }
    guard let object = YAMLTree.value(node).object else {
      throw TrainingError.recipeSyntax(
        path: path, line: node.mark?.line ?? 1, problem: "expected 'key: value' lines")
    }
    return object
  }

  /// An assignment as the tree that has it alone.
  private static func assignment(_ text: String) throws -> JSONObject {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw TrainingError.badSetting(text, problem: "'key=value' was expected")
    }
    var value: JSONValue
    do {
      let node = try PlainYAML.compose(String(parts[1]), bracketLimit: 16)
      value = node.map(YAMLTree.value) ?? .null
    } catch {
      throw TrainingError.badSetting(text, problem: error.problem)
    }
    for step in parts[0].split(separator: ".", omittingEmptySubsequences: false).reversed() {
      var object = JSONObject()
      object.set(ByteString(String(step)), value)
      value = .object(object)
    }
    return value.object ?? JSONObject()
  }
}

extension JSONObject {
  /// Gives this tree the values of another where that has some.
  fileprivate mutating func overlay(with other: JSONObject) {
    for (key, value) in other.members {
      if var inner = self[key.string]?.object, let outer = value.object {
        inner.overlay(with: outer)
        set(key, .object(inner))
      } else {
        set(key, value)
      }
    }
  }

  /// Values by the way to them; lists are values.
  fileprivate var leaves: [String: JSONValue] {
    var leaves: [String: JSONValue] = [:]
    for (key, value) in members {
      guard let object = value.object else {
        leaves[key.string] = value
        continue
      }
      for (rest, leaf) in object.leaves { leaves["\(key.string).\(rest)"] = leaf }
    }
    return leaves
  }
}
