internal import Files
internal import PlainYAML
internal import Yams

/// Files of the folder of tasks.
enum LibraryFile {
  /// The bytes of a file of at most `limit` bytes.
  static func bytes(_ path: String, limit: Int) throws(TaskError) -> [UInt8] {
    do {
      return try RegularFile.bytes(of: path, limit: limit)
    } catch {
      throw switch error {
      case .missing: TaskError.notReadable(path: path, reason: "no such file")
      case .tooLarge(let bytes, let limit):
        TaskError.tooLarge(path: path, bytes: bytes, limit: limit)
      case .unreadable(let reason), .cannotWrite(let reason):
        TaskError.notReadable(path: path, reason: reason)
      }
    }
  }

  /// The UTF-8 text of a file of at most `limit` bytes.
  static func text(_ path: String, limit: Int) throws(TaskError) -> String {
    let bytes = try bytes(path, limit: limit)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .notText(path: path)
    }
    // The mark with which some editors begin a file says nothing.
    return text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
  }

  /// The tree of a YAML file's text.
  static func compose(_ text: String, path: String) throws(TaskError) -> Node {
    let node: Node?
    do {
      node = try PlainYAML.compose(text)
    } catch {
      throw .syntax(path: path, line: error.line, problem: error.problem)
    }
    guard let node else { throw .syntax(path: path, line: 1, problem: "it is empty") }
    return node
  }
}
