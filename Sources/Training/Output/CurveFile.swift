internal import Files
internal import Foundation

/// A CSV file that grows by a line an update; its columns are those of the first line.
struct CurveFile {
  private let path: String
  private var columns: [String]?
  private var file: FileHandle?

  /// The largest file that is taken up again, in bytes.
  private static let largestFile = 1 << 30

  /// Begins a file, or takes one up.
  ///
  /// - Parameter updates: Lines of later updates are dropped: they will come again.
  /// - Throws: `TrainingError`.
  init(_ path: String, keepingUpTo updates: Int) throws {
    self.path = path
    let text: [UInt8]
    do {
      text = try RegularFile.bytes(of: path, limit: CurveFile.largestFile)
    } catch FileFault.missing {
      return
    } catch {
      throw TrainingError.damagedRecord(path: path, problem: "it cannot be read")
    }
    try takeUp(String(decoding: text, as: UTF8.self), keepingUpTo: updates)
  }

  private mutating func takeUp(_ text: String, keepingUpTo updates: Int) throws {
    // What follows the last line feed is what a crash left of a line.
    let end = text.lastIndex(of: "\n") ?? text.startIndex
    let lines = text[..<end].split(separator: "\n")
    guard let header = lines.first else { return }
    let kept = lines.dropFirst().filter { line in
      let update = line.split(separator: ",").first.flatMap { Int($0) }
      return update.map { $0 <= updates } ?? false
    }
    let content = ([header] + kept).map { "\($0)\n" }.joined()
    try writing { () throws(FileFault) in try PartialFile.write(Data(content.utf8), to: path) }
    columns = header.split(separator: ",").map(String.init)
    try open()
  }

  /// Adds a line; a column without a value stays empty.
  mutating func append(_ values: [(name: String, value: Double)]) throws {
    if columns == nil {
      let names = values.map(\.name)
      try writing { () throws(FileFault) in
        try PartialFile.write(Data((names.joined(separator: ",") + "\n").utf8), to: path)
      }
      columns = names
      try open()
    }
    let byName = Dictionary(values) { first, _ in first }
    let line = (columns ?? []).map { byName[$0].map(CurveFile.text) ?? "" }
      .joined(separator: ",")
    do {
      try file?.write(contentsOf: Data((line + "\n").utf8))
    } catch {
      throw TrainingError.cannotWrite(path: path, reason: "the disk may be full")
    }
  }

  /// Puts all lines on disk.
  func flush() throws {
    do {
      try file?.synchronize()
    } catch {
      throw TrainingError.cannotWrite(path: path, reason: "the disk may be full")
    }
  }

  private mutating func open() throws {
    guard let handle = FileHandle(forWritingAtPath: path) else {
      throw TrainingError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
    _ = try? handle.seekToEnd()
    file = handle
  }

  private func writing(_ body: () throws(FileFault) -> Void) throws {
    do {
      try body()
    } catch {
      throw TrainingError(writing: path, error)
    }
  }

  private static func text(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15
      ? "\(Int(value))" : String(format: "%.8g", value)
  }
}
