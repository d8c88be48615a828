import Foundation

/// A browser without a window, where the machine has one.
enum Chromium {
  /// `MOLE_CHROMIUM`, or the first of the usual names on the path.
  static let path: String? = {
    let environment = ProcessInfo.processInfo.environment
    if let named = environment["MOLE_CHROMIUM"] { return named.isEmpty ? nil : named }
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    let names = ["chromium", "chromium-browser", "google-chrome"]
    return names.flatMap { name in folders.map { "\($0)/\(name)" } }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }()

  struct Failure: Error {
    var status: Int32
    var messages: String
  }

  /// Opens a page, lets its scripts run, and says what came of it.
  ///
  /// - Parameters:
  ///   - html: The page.
  ///   - flags: What the browser shall do, such as `--dump-dom`.
  ///   - folder: Where the browser may write.
  /// - Returns: What it printed, and its messages, those of the console among them.
  static func open(
    _ html: String, _ flags: [String], in folder: URL
  ) throws -> (output: String, messages: String) {
    let page = folder.appending(path: "page.html")
    try Data(html.utf8).write(to: page)
    let output = folder.appending(path: "output"), messages = folder.appending(path: "messages")
    for file in [output, messages] { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(filePath: path ?? "/nonexistent")
    process.arguments =
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--disable-extensions", "--no-first-run", "--hide-scrollbars",
        "--user-data-dir=\(folder.path)/profile", "--enable-logging=stderr",
        "--virtual-time-budget=3000",
      ] + flags + [page.absoluteString]
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: messages)
    try process.run()
    process.waitUntilExit()
    let said = try String(decoding: Data(contentsOf: messages), as: UTF8.self)
    guard process.terminationStatus == 0 else {
      throw Failure(status: process.terminationStatus, messages: said)
    }
    return (try String(decoding: Data(contentsOf: output), as: UTF8.self), said)
  }
}
