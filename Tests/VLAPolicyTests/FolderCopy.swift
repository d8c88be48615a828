import Foundation

/// A fixture's folder in a place where its files may be changed; it goes with its owner.
final class FolderCopy {
  let url: URL

  init(of name: String) throws {
    url = FileManager.default.temporaryDirectory
      .appending(path: "mole-\(UUID().uuidString)")
    try FileManager.default.copyItem(at: try fixture(name), to: url)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func remove(_ file: String) throws {
    try FileManager.default.removeItem(at: url.appending(path: file))
  }

  /// Gives the value at a path of a JSON file, dots between keys; `nil` removes it.
  func set(_ path: String, in file: String = "config.json", to value: Any?) throws {
    let place = url.appending(path: file)
    let document = try JSONSerialization.jsonObject(with: Data(contentsOf: place))
    let changed = Self.setting(path.split(separator: ".").map(String.init)[...], document, value)
    try JSONSerialization.data(withJSONObject: changed).write(to: place)
  }

  private static func setting(_ path: ArraySlice<String>, _ document: Any, _ value: Any?) -> Any {
    guard let key = path.first else { return value ?? NSNull() }
    var object = document as? [String: Any] ?? [:]
    if path.count == 1, value == nil {
      object[key] = nil
    } else {
      object[key] = setting(path.dropFirst(), object[key] ?? [String: Any](), value)
    }
    return object
  }
}
